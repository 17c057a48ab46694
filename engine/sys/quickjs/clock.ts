import * as loop from "native:loop";
import type { Clock } from "../clock.ts";
import type { Disposable } from "../files.ts";

/** {@link Clock} on native:loop. */
export class NativeClock implements Clock {
  now(): number {
    return Date.now();
  }

  timestamp(): string {
    return loop.timestamp();
  }

  monotonic(): number {
    return loop.monotonic();
  }

  after(ms: number, callback: () => void): Disposable {
    const timer = loop.setTimer(ms, callback);
    return { dispose: () => loop.clearTimer(timer) };
  }
}
