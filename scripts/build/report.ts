/** `12.3 MB`, as disks and networks count. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Tells a person what the build does: a line for each step with its time and what it has to say. */
export class Report {
  readonly #write: (text: string) => void;
  readonly #now: () => number;
  readonly #start: number;

  /** `now` counts milliseconds. */
  constructor(write: (text: string) => void, now: () => number) {
    this.#write = write;
    this.#now = now;
    this.#start = now();
  }

  /** Runs a step; `detail` says what came out of it. */
  async step<T>(name: string, run: () => Promise<T>, detail: (result: T) => string = () => ""): Promise<T> {
    const start = this.#now();
    const result = await run();
    const seconds = ((this.#now() - start) / 1000).toFixed(1);
    this.#write(`${name.padEnd(24)}${seconds.padStart(6)} s  ${detail(result)}\n`);
    return result;
  }

  /** The last line. */
  done(text: string): void {
    this.#write(`${text} (${((this.#now() - this.#start) / 1000).toFixed(1)} s)\n`);
  }
}
