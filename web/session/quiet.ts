/** Knows when somebody was last busy, and when they have not been for a while. */
export class Quiet {
  readonly #now: () => number;
  #last = 0;

  /** `now` counts milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Says that somebody is busy now. */
  touch(): void {
    this.#last = this.#now();
  }

  /** Resolves when nobody has been busy for `milliseconds`; rejects when `signal` is aborted. */
  async lasting(milliseconds: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const rest = this.#last + milliseconds - this.#now();
      if (rest <= 0) return;
      await pause(rest, signal);
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
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
