/** The engine on this Linux: what it takes to run its programs outside of a guest. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { rmdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { bundle } from "../build/bundles.ts";
import { GUEST_BINARIES } from "./paths.ts";

/** The engine's native programs: those of `npm run images`, or fresher ones that the environment names. */
export const NATIVES = process.env["DRYDOCK_NATIVES"] ?? join(GUEST_BINARIES, "bin");

/** The engine's JavaScript programs and their sources. */
const ENTRIES = {
  dockerd: "engine/main/dockerd.ts",
  "cli-host": "engine/main/cli-host.ts",
  docker: "engine/main/docker.ts",
} as const;

const CGROUP_ROOTS = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"];
const LISTENING_TIMEOUT_MS = 20_000;
const RETRY_MS = 20;

/** Why the engine can't be run here; undefined where it can. */
export function whyNoEngine(): string | undefined {
  if (process.platform !== "linux") return `it needs Linux, and this is ${process.platform}`;
  if (process.getuid?.() !== 0) return "it needs root, for namespaces and mounts";
  if (!existsSync(join(NATIVES, "jsrun"))) return `${NATIVES} has no jsrun; npm run images builds it`;
  if (cgroupRoot() === undefined) return "it needs cgroup v2, mounted at /sys/fs/cgroup";
  return undefined;
}

/** Why nothing can be tried with Docker's own client; undefined where it is there. */
export function whyNoDocker(): string | undefined {
  try {
    const version = execFileSync("docker", ["--version"], { encoding: "utf8" });
    return version.startsWith("Docker version 28.") ? undefined : `docker is ${version.trim()}, not 28`;
  } catch {
    return "there is no docker to compare with";
  }
}

/** Where cgroup v2 is, also beside v1 ("hybrid"). */
export function cgroupRoot(): string | undefined {
  return CGROUP_ROOTS.find(path => existsSync(join(path, "cgroup.controllers")));
}

/** Removes the group that an engine had its containers' groups in; one that is still in use stays. */
export async function removeCgroup(parent: string): Promise<void> {
  await rmdir(join(cgroupRoot() ?? "", parent)).catch(() => {});
}

/** Bundles one of the engine's programs into a directory. Returns the file. */
export async function bundleInto(directory: string, name: keyof typeof ENTRIES): Promise<string> {
  const path = join(directory, `${name}.js`);
  await writeFile(path, await bundle({ entry: ENTRIES[name], path: name }));
  return path;
}

/** A program of the engine's, run by its runtime in a process group of its own. */
export class Service {
  /** Resolves with its exit status; 128 and more for a signal that it did not handle. */
  readonly ended: Promise<number>;
  readonly #child: ChildProcess;
  #log = "";

  /**
   * Where `onOutput` is given it gets all that the program prints, too. `entry` are words of a command that goes
   * before it, and must become it.
   */
  constructor(
    bundlePath: string,
    args: readonly string[],
    onOutput: (text: string) => void = () => {},
    entry: readonly string[] = [],
  ) {
    const [file = "", ...words] = [...entry, join(NATIVES, "jsrun"), bundlePath, ...args];
    this.#child = spawn(file, words, {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (bytes: Buffer) => {
        this.#log += bytes.toString();
        onOutput(bytes.toString());
      });
    }
    this.ended = new Promise((resolve, reject) => {
      this.#child.once("error", reject).once("exit", code => resolve(code ?? 128));
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What it has printed. */
  get log(): string {
    return this.#log;
  }

  /** Signals it, and waits until it is gone. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number> {
    this.#child.kill(signal);
    return this.ended;
  }
}

/** Waits until a service listens on a unix socket. Throws with its log where it ends, or never does. */
export async function listening(path: string, service: Service): Promise<void> {
  const deadline = Date.now() + LISTENING_TIMEOUT_MS;
  let hasEnded = false;
  void service.ended.then(() => (hasEnded = true));
  while (!(await isListening(path))) {
    if (hasEnded || Date.now() > deadline) throw new Error(`nobody listens on ${path}: ${service.log}`);
    await new Promise(resolve => setTimeout(resolve, RETRY_MS));
  }
}

function isListening(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path);
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}
