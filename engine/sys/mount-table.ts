import type { Files } from "./files.ts";

/** A mount that our namespace has (proc_pid_mountinfo(5)). */
export interface MountEntry {
  readonly path: string;
  /** "shared:7", "master:3"... */
  readonly propagation: readonly string[];
}

/** The kernel writes blanks and the like in octal. */
function unescape(text: string): string {
  return text.includes("\\")
    ? text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
    : text;
}

/** All mounts, in the order in which they were made. */
export function mountTable(files: Pick<Files, "readText">): MountEntry[] {
  const lines = files.readText("/proc/self/mountinfo").split("\n");
  return lines.filter(Boolean).map(line => {
    const words = line.slice(0, line.indexOf(" - ")).split(" ");
    return { path: unescape(words[4] ?? ""), propagation: words.slice(6) };
  });
}

/** The mount that a path lies in. The path must be clean, and have no links in it. */
export function mountOf(table: readonly MountEntry[], path: string): MountEntry | undefined {
  let best: MountEntry | undefined;
  for (const entry of table) {
    const inside = entry.path === "/" || path === entry.path || path.startsWith(`${entry.path}/`);
    if (inside && entry.path.length >= (best?.path.length ?? 0)) best = entry;
  }
  return best;
}
