/**
 * The page's first script: has the machine fetched and started at once, and only then loads what shows it. Whatever
 * is imported here delays the machine.
 */
import { signal } from "@preact/signals";
import { fetchLessons } from "../lessons/lesson.ts";
import { fetchSource } from "../machine/internet/fetch-source.ts";
import { SandboxInternet } from "../machine/internet/internet.ts";
import { type MachineStore, NO_STORE } from "../machine/storage/machine-store.ts";
import { OpfsStore } from "../machine/storage/opfs-store.ts";
import type { MachineManifest } from "../session/manifest.ts";
import { Session } from "../session/session.ts";
import { WARM_UP } from "../session/warm-up.ts";
import { machineInWorker } from "../session/worker-machine.ts";
import { LessonDesk } from "../ui/lesson/lesson-desk.ts";
import { Settings, type SettingsStore, type Theme } from "../ui/settings.ts";

/** `?keep=off` neither restores a saved machine nor saves one. */
const KEEP_PARAMETER = "keep";
/** `?warm-up=off` leaves the machine alone until somebody types. */
const WARM_UP_PARAMETER = "warm-up";
/** `?lesson=PART/LESSON` opens a lesson. */
const LESSON_PARAMETER = "lesson";

function readManifest(): MachineManifest {
  const text = document.querySelector("#machine-manifest")?.textContent;
  if (text === undefined || text === null) throw new Error("the page was built without a machine");
  const manifest: MachineManifest = JSON.parse(text);
  return manifest;
}

/** The machine's internet: static files beside the page. */
function sandboxInternet(): SandboxInternet {
  return new SandboxInternet(fetchSource(new URL("hub/", document.baseURI)));
}

/** Writes saved machines. */
function storeWorker(): Worker {
  return new Worker(new URL("../machine/worker/store-worker.ts", import.meta.url), {
    type: "module",
    name: "store",
  });
}

/** Where machines are kept: the browser's files for this folder of the site. */
function machineStore(): MachineStore {
  return new OpfsStore(new URL(".", document.baseURI).pathname, storeWorker);
}

function startSession(): Session {
  const parameters = new URLSearchParams(location.search);
  const internet = sandboxInternet();
  const session = new Session({
    makeMachine: () =>
      machineInWorker(
        new Worker(new URL("../machine/worker/worker.ts", import.meta.url), {
          type: "module",
          name: "machine",
        }),
      ),
    manifest: readManifest(),
    identity: { hostname: "node1", node: 1 },
    serveGuest: (open, stream) => internet.serve(open, stream),
    store: parameters.get(KEEP_PARAMETER) === "off" ? NO_STORE : machineStore(),
    warmUp: parameters.get(WARM_UP_PARAMETER) === "off" ? [] : WARM_UP,
  });
  session.restart();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") session.hidden();
  });
  return session;
}

/** The browser's storage; where it is switched off, something that forgets. */
function settingsStore(): SettingsStore {
  try {
    return localStorage;
  } catch {
    return { getItem: () => null, setItem: () => undefined };
  }
}

function loadSettings(): Settings {
  const query = matchMedia("(prefers-color-scheme: dark)");
  const read = (): Theme => (query.matches ? "dark" : "light");
  const theme = signal(read());
  query.addEventListener("change", () => {
    theme.value = read();
  });
  return new Settings(settingsStore(), { languages: navigator.languages, theme });
}

function followSettings(settings: Settings): void {
  const root = document.documentElement;
  settings.theme.subscribe(theme => root.setAttribute("data-theme", theme));
  settings.language.subscribe(language => root.setAttribute("lang", language));
}

const session = startSession();
const settings = loadSettings();
followSettings(settings);
try {
  const { mount } = await import("./main.tsx");
  const lessons = fetchLessons(new URL("lessons/", document.baseURI));
  const desk = new LessonDesk(lessons, new URLSearchParams(location.search).get(LESSON_PARAMETER));
  mount(session, settings, desk);
} catch (error) {
  document.documentElement.classList.add("first-paint-failed");
  throw error;
}
