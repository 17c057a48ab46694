import { EngineError } from "./errors.ts";

/** signal(7), x86: the n-th word is signal n + 1. */
const NAMES = (
  "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU " +
  "URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS"
).split(" ");

const ALIASES: Readonly<Record<string, string>> = { CLD: "CHLD", IOT: "ABRT", POLL: "IO", UNUSED: "SYS" };
const REALTIME_MIN = 34;
const REALTIME_MAX = 64;

export const SIGKILL = 9;
export const SIGTERM = 15;

/** "TERM", "sigterm", "15" or "RTMIN+1" as a number. Throws "invalid" in Docker's words. */
export function parseSignal(text: string): number {
  if (/^\d+$/.test(text)) {
    const number = Number(text);
    if (number > 0 && number <= REALTIME_MAX) return number;
  }
  const name = text.toUpperCase().replace(/^SIG/, "");
  const number = NAMES.indexOf(ALIASES[name] ?? name) + 1;
  if (number > 0) return number;
  const realtime = /^RT(MIN|MAX)(?:([+-])(\d+))?$/.exec(name);
  if (realtime) {
    const offset = Number(realtime[3] ?? 0) * (realtime[2] === "-" ? -1 : 1);
    const value = (realtime[1] === "MIN" ? REALTIME_MIN : REALTIME_MAX) + offset;
    if (value >= REALTIME_MIN && value <= REALTIME_MAX) return value;
  }
  throw new EngineError("invalid", `invalid signal: ${text}`);
}

/** "TERM" for 15; undefined for a number without a name. */
export function signalName(number: number): string | undefined {
  return NAMES[number - 1];
}
