import type { Clock } from "../sys/clock.ts";
import type { Disposable } from "../sys/files.ts";

/** What lies between two samples. */
export const STATS_INTERVAL_MS = 1000;

/** Takes samples once a second, but only while somebody listens. */
export class StatsCollector {
  readonly #clock: Clock;
  readonly #samplers = new Set<() => void>();
  #timer: Disposable | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls back at once (but not before this returns) where nobody listened before, then with everybody else. */
  add(sample: () => void): Disposable {
    this.#samplers.add(sample);
    this.#timer ??= this.#clock.after(0, () => this.#tick());
    return { dispose: () => this.#remove(sample) };
  }

  #remove(sample: () => void): void {
    this.#samplers.delete(sample);
    if (this.#samplers.size > 0) return;
    this.#timer?.dispose();
    this.#timer = null;
  }

  #tick(): void {
    this.#timer = this.#clock.after(STATS_INTERVAL_MS, () => this.#tick());
    for (const sample of this.#samplers) sample();
  }
}
