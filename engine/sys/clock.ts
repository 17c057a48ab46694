import type { Disposable } from "./files.ts";

/** Time. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Now in UTC, as RFC 3339 with up to nine decimals (Go's RFC3339Nano). */
  timestamp(): string;
  /** Milliseconds since some fixed point, never set back. */
  monotonic(): number;
  /** Calls back once, after so many milliseconds. */
  after(ms: number, callback: () => void): Disposable;
}

/** Lets what waits in the event loop run before we go on: for work that takes long. */
export function breathe(clock: Clock): Promise<void> {
  return new Promise(resolve => clock.after(0, resolve));
}
