import type { Files } from "../sys/files.ts";
import { isSysError } from "../sys/files.ts";

/** What a group of processes has used (Documentation/admin-guide/cgroup-v2.rst); null where no controller counts it. */
export interface CgroupUsage {
  /** Microseconds. */
  readonly cpu: {
    readonly total: number;
    readonly user: number;
    readonly system: number;
    readonly periods: number;
    readonly throttledPeriods: number;
    readonly throttled: number;
  } | null;
  /** Bytes; `details` are the lines of memory.stat. */
  readonly memory: {
    readonly usage: number;
    /** null where there is none. */
    readonly limit: number | null;
    readonly outOfMemory: number;
    readonly details: ReadonlyMap<string, number>;
  } | null;
  readonly pids: { readonly current: number; readonly limit: number | null } | null;
  /** By device, bytes. */
  readonly io:
    | readonly {
        readonly major: number;
        readonly minor: number;
        readonly read: number;
        readonly written: number;
      }[]
    | null;
}

/** A file of the group; null where the kernel has no such file there. */
function read(files: Files, path: string): string | null {
  try {
    return files.readText(path);
  } catch (error) {
    if (isSysError(error, "ENOENT", "ENODEV", "EOPNOTSUPP")) return null;
    throw error;
  }
}

/** Lines of a name and a number. */
function parseLines(text: string): Map<string, number> {
  const lines = text.split("\n").filter(Boolean);
  return new Map(
    lines.map(line => {
      const space = line.indexOf(" ");
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

function parseLimit(text: string | null): number | null {
  return text === null || text.trim() === "max" ? null : Number(text);
}

/** "254:0 rbytes=1 wbytes=2 rios=3 ..." */
function parseIo(text: string): NonNullable<CgroupUsage["io"]> {
  return text
    .split("\n")
    .filter(Boolean)
    .map(line => {
      const [device = "", ...pairs] = line.split(" ");
      const [major, minor] = device.split(":").map(Number);
      const values = new Map(
        pairs.map(pair => pair.split("=")).map(([name, value]) => [name, Number(value)]),
      );
      return {
        major: major ?? 0,
        minor: minor ?? 0,
        read: values.get("rbytes") ?? 0,
        written: values.get("wbytes") ?? 0,
      };
    });
}

function cpuUsage(text: string): CgroupUsage["cpu"] {
  const lines = parseLines(text);
  return {
    total: lines.get("usage_usec") ?? 0,
    user: lines.get("user_usec") ?? 0,
    system: lines.get("system_usec") ?? 0,
    periods: lines.get("nr_periods") ?? 0,
    throttledPeriods: lines.get("nr_throttled") ?? 0,
    throttled: lines.get("throttled_usec") ?? 0,
  };
}

/** Reads what the group at a path has used so far. Throws ENOENT where there is no such group. */
export function cgroupUsage(files: Files, path: string): CgroupUsage {
  files.readText(`${path}/cgroup.procs`);
  const cpu = read(files, `${path}/cpu.stat`);
  const usage = read(files, `${path}/memory.current`);
  const current = read(files, `${path}/pids.current`);
  const io = read(files, `${path}/io.stat`);
  return {
    cpu: cpu === null ? null : cpuUsage(cpu),
    memory:
      usage === null
        ? null
        : {
            usage: Number(usage),
            limit: parseLimit(read(files, `${path}/memory.max`)),
            outOfMemory: parseLines(read(files, `${path}/memory.events`) ?? "").get("oom") ?? 0,
            details: parseLines(read(files, `${path}/memory.stat`) ?? ""),
          },
    pids:
      current === null
        ? null
        : { current: Number(current), limit: parseLimit(read(files, `${path}/pids.max`)) },
    io: io === null ? null : parseIo(io),
  };
}

const NANOSECONDS_PER_TICK = 1e7; // proc(5) counts in hundredths of a second

/** Nanoseconds that all processors together have spent, idle ones too, and how many are there (/proc/stat). */
export function machineCpu(files: Files): { readonly time: number; readonly processors: number } {
  const lines = files.readText("/proc/stat").split("\n");
  const [, ...ticks] = (lines[0] ?? "").split(/\s+/);
  const time = ticks.slice(0, 7).reduce((sum, text) => sum + Number(text), 0) * NANOSECONDS_PER_TICK;
  return { time, processors: lines.filter(line => /^cpu\d/.test(line)).length };
}
