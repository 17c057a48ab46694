import type { Clock } from "../clock.ts";
import type { Disposable } from "../files.ts";

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/** A {@link Clock} that stands still until a test moves it. It starts at 2026-01-02T03:04:05Z. */
export class FakeClock implements Clock {
  #now = Date.UTC(2026, 0, 2, 3, 4, 5);
  #nanoseconds = 0;
  readonly #start = this.#now;
  #timers: Timer[] = [];

  now(): number {
    return this.#now;
  }

  /** Each call is a nanosecond later than the one before, so that stamps are in order. */
  timestamp(): string {
    const text = new Date(this.#now).toISOString(); // 2026-01-02T03:04:05.678Z
    const fraction = text.slice(20, 23) + String(this.#nanoseconds++).padStart(6, "0");
    return `${text.slice(0, 19)}.${fraction}`.replace(/\.?0+$/, "").concat("Z");
  }

  monotonic(): number {
    return this.#now - this.#start;
  }

  after(ms: number, callback: () => void): Disposable {
    const timer = { due: this.#now + Math.max(0, ms), callback };
    this.#timers.push(timer);
    return {
      dispose: () => {
        this.#timers = this.#timers.filter(other => other !== timer);
      },
    };
  }

  /** How many timers have not fired yet. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Forgets the timers of a process that has died. */
  forgetTimers(): void {
    this.#timers = [];
  }

  /** Lets time pass: timers fire in the order in which they are due, those that they set included. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = this.#timers.filter(timer => timer.due <= end).toSorted((a, b) => a.due - b.due);
      if (!next) break;
      this.#timers = this.#timers.filter(timer => timer !== next);
      this.#now = Math.max(this.#now, next.due);
      next.callback();
    }
    this.#now = end;
  }
}
