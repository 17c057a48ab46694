import type { ContainerTop } from "../api/container.ts";
import { EngineError } from "../base/errors.ts";
import type { Daemon } from "./daemon.ts";
import { requireRunning } from "./kill-container.ts";

/** Splits ps's output into columns; the last takes the rest of the line. */
function columns(line: string, count: number): string[] {
  const words = line.trim().split(/\s+/);
  return [...words.slice(0, count - 1), words.slice(count - 1).join(" ")];
}

/** The container's processes as the host's `ps` shows them. Throws "invalid" on arguments that hide the pids. */
export async function containerTop(daemon: Daemon, name: string, psArgs: string): Promise<ContainerTop> {
  const container = daemon.containers.find(name);
  requireRunning(container);
  const args = (psArgs || "-ef").split(/\s+/).filter(Boolean);
  for (const arg of args)
    if (/^-?-?(o|format)?=?pid=/i.test(arg) || /\bpid=/.test(arg))
      throw new EngineError("invalid", `specifying "${arg}" is not allowed`);
  const { code, stdout, stderr } = await daemon.sys.processes.run("/bin/ps", ["ps", ...args]);
  if (code !== 0) throw new EngineError("system", `ps: ${stderr.split("\n")[0] ?? `exit status ${code}`}`);
  const [header = "", ...lines] = stdout.trimEnd().split("\n");
  const titles = header.trim().split(/\s+/);
  const pidColumn = titles.indexOf("PID");
  if (pidColumn < 0) throw new EngineError("system", "Couldn't find PID field in ps output");
  const inside = new Set(daemon.cgroups.group(container.id).processes());
  const processes = lines
    .map(line => columns(line, titles.length))
    .filter(fields => inside.has(Number(fields[pidColumn])));
  return { Titles: titles, Processes: processes };
}
