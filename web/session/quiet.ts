/** Knows until when somebody is busy. */
export class Quiet {
  readonly #now: () => number;
  #busyUntil = 0;

  /** `now` counts milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Says that somebody is busy now and will be for `milliseconds`. */
  touch(milliseconds: number): void {
    this.#busyUntil = Math.max(this.#busyUntil, this.#now() + milliseconds);
  }

  /** Resolves when nobody is busy any more; rejects when `signal` is aborted. */
  async reached(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const rest = this.#busyUntil - this.#now();
      if (rest <= 0) return;
      await pause(rest, signal);
    }
  }
}

/** Waits; rejects at once when `signal` is aborted. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}
