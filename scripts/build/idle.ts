import type { Guest } from "../lib/guest.ts";

/** Samples that may pass before a guest counts as restless. */
const TRIES = 30;
/** Seconds of the guest's time between two samples. */
const INTERVAL = 0.5;

/** Processor ticks that each process has used so far. See proc(5), /proc/[pid]/stat. */
export function parseTicks(stats: string): Map<number, { name: string; ticks: number }> {
  const processes = new Map<number, { name: string; ticks: number }>();
  for (const line of stats.split("\n")) {
    const [, pid, name, rest] = /^(\d+) \((.*)\) (.*)$/.exec(line) ?? [];
    if (pid === undefined || name === undefined || rest === undefined) continue;
    const fields = rest.split(" ");
    processes.set(Number(pid), { name, ticks: Number(fields[11]) + Number(fields[12]) });
  }
  return processes;
}

/** The names of processes that are in both samples and have worked in between. */
export function busyBetween(before: string, after: string): string[] {
  const earlier = parseTicks(before);
  return [...parseTicks(after)]
    .filter(([pid, { ticks }]) => (earlier.get(pid)?.ticks ?? ticks) !== ticks)
    .map(([, { name }]) => name);
}

/** Resolves when no process but the agent, which serves us, has worked between two samples. */
export async function untilIdle(guest: Guest): Promise<void> {
  const sample = () =>
    guest.output(["sh", "-c", `sleep ${INTERVAL}; cat /proc/[0-9]*/stat 2> /dev/null || true`]);
  let before = await sample();
  let busy: string[] = [];
  for (let i = 0; i < TRIES; i++) {
    const after = await sample();
    busy = busyBetween(before, after).filter(name => name !== "agent");
    if (busy.length === 0) return;
    before = after;
  }
  throw new Error(`the guest does not come to rest: ${busy.join(", ")} kept working`);
}
