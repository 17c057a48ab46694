import type { EventMessage } from "../api/system.ts";
import { EngineError } from "../base/errors.ts";
import { type Filters, hasLabel } from "../base/filters.ts";
import { familiarName, parseFamiliar } from "../base/reference.ts";
import type { Daemon } from "./daemon.ts";

const KEYS = [
  "config",
  "container",
  "daemon",
  "event",
  "image",
  "label",
  "network",
  "node",
  "plugin",
  "scope",
  "secret",
  "service",
  "type",
  "volume",
];

/** The filters that name objects by the start of their id or name. */
const OBJECTS = ["config", "container", "daemon", "network", "node", "plugin", "secret", "service", "volume"];

/** Actions that go on behind a colon: these filters match them all. */
const OPEN_ENDED = new Set(["health_status", "exec_create", "exec_start"]);

function withoutTag(image: string): string {
  try {
    return familiarName(parseFamiliar(image));
  } catch {
    return image; // an id, or nothing
  }
}

/** Images' own events, and those of containers made from them. */
function matchesImage(event: EventMessage, wanted: string): boolean {
  const { ID, Attributes } = event.Actor;
  const name = (event.Type === "image" ? Attributes.name : Attributes.image) ?? "";
  return [ID, name, withoutTag(ID), withoutTag(name)].includes(wanted);
}

function matches(event: EventMessage, filters: Filters): boolean {
  const { ID, Attributes } = event.Actor;
  const startsWith = (wanted: string): boolean =>
    ID.startsWith(wanted) || !!Attributes.name?.startsWith(wanted);
  return (
    filters.some("type", wanted => wanted === event.Type) &&
    filters.some(
      "event",
      wanted => wanted === event.Action || (OPEN_ENDED.has(wanted) && event.Action.startsWith(wanted)),
    ) &&
    filters.some("scope", wanted => wanted === event.scope) &&
    filters.every("label", wanted => hasLabel(Attributes, wanted)) &&
    filters.some("image", wanted => matchesImage(event, wanted)) &&
    OBJECTS.every(type => filters.some(type, startsWith))
  );
}

/** "1700000000.5" in nanoseconds; null where nothing was given. Throws "invalid" on anything else. */
function parseTime(text: string): number | null {
  if (text === "") return null;
  const match = /^(\d+)(?:\.(\d{1,9}))?$/.exec(text);
  if (!match) throw new EngineError("invalid", `failed to parse value as time or duration: "${text}"`);
  return Number(match[1]) * 1e9 + Number((match[2] ?? "").padEnd(9, "0"));
}

/**
 * Delivers events as `docker events` asks: past ones only where `since` or `until` is given; the future until
 * `until`. `ended` is called when no more can come.
 */
export function watchEvents(
  daemon: Daemon,
  selection: { since: string; until: string; filters: Filters },
  deliver: (event: EventMessage) => void,
  ended: () => void,
): { close(): void } {
  const { filters } = selection;
  filters.checkKeys(KEYS);
  const since = parseTime(selection.since);
  const until = parseTime(selection.until);
  if (since !== null && until !== null && since > until)
    throw new EngineError("invalid", "`since` time cannot be after `until` time");
  const inWindow = (event: EventMessage): boolean =>
    (since === null || event.timeNano >= since) && (until === null || event.timeNano <= until);
  if (since !== null || until !== null)
    for (const event of daemon.events.past()) if (inWindow(event) && matches(event, filters)) deliver(event);
  const wait = until === null ? Number.POSITIVE_INFINITY : until / 1e6 - daemon.sys.clock.now();
  if (wait <= 0) {
    ended();
    return { close: () => {} };
  }
  const unsubscribe = daemon.events.subscribe(event => {
    if (matches(event, filters)) deliver(event);
  });
  const timer = Number.isFinite(wait)
    ? daemon.sys.clock.after(wait, () => {
        unsubscribe();
        ended();
      })
    : null;
  return {
    close: () => {
      unsubscribe();
      timer?.dispose();
    },
  };
}
