import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { cgroupRoot } from "../../scripts/lib/native-engine.ts";
import type { EngineUnderTest } from "./engine-process.ts";

const PATIENCE_MS = 5000;

/** What is in a layer, also as seen through its short name. */
const INSIDE_LAYER = /^overlay2\/(l\/\w+|\w+\/diff)\//;

/** What an engine holds of the system. */
export interface Holdings {
  readonly mounts: readonly string[];
  readonly namespaces: readonly string[];
  readonly shims: readonly string[];
  readonly cgroups: readonly string[];
  readonly processes: readonly string[];
  /** Network interfaces of the machine. */
  readonly links: readonly string[];
  /** Below the data root. */
  readonly files: readonly string[];
}

function namesIn(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory).toSorted() : [];
}

/** Command lines that name something of the engine's. */
function processesOf(directory: string): string[] {
  const lines = readdirSync("/proc")
    .filter(name => /^\d+$/.test(name))
    .map(pid => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      } catch {
        return ""; // it has just ended
      }
    });
  return lines.filter(line => line.includes(directory)).toSorted();
}

/** Takes stock. */
export function holdings(engine: EngineUnderTest): Holdings {
  const mountLines = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  const cgroup = join(cgroupRoot() ?? "", engine.cgroup);
  const files = readdirSync(engine.dataRoot, { recursive: true, encoding: "utf8" });
  return {
    mounts: mountLines.filter(line => line.includes(` ${engine.directory}/`)),
    namespaces: namesIn(join(engine.execRoot, "netns")),
    shims: namesIn(join(engine.execRoot, "shim")),
    cgroups: existsSync(cgroup)
      ? readdirSync(cgroup, { withFileTypes: true })
          .filter(entry => entry.isDirectory())
          .map(entry => entry.name)
      : [],
    processes: processesOf(engine.directory),
    links: namesIn("/sys/class/net"),
    files: files.filter(path => !INSIDE_LAYER.test(path)).toSorted(),
  };
}

/** Checks that an engine holds again, or very soon, what it held at a time when it had the same images. */
export async function assertNothingLeaks(engine: EngineUnderTest, before: Holdings): Promise<void> {
  await vi.waitFor(() => expect(holdings(engine)).toEqual(before), { timeout: PATIENCE_MS });
}
