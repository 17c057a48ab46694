import type { Clock } from "../sys/clock.ts";

/** One line of a pull's progress stream, as the Engine API sends it (ImageCreate). */
export interface ProgressMessage {
  readonly status: string;
  readonly id?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
}

const INTERVAL_MS = 100;

/** The progress of one layer: states at once, byte counts at most ten times a second. */
export class LayerProgress {
  readonly #id: string;
  readonly #report: (message: ProgressMessage) => void;
  readonly #clock: Clock;
  #last = Number.NEGATIVE_INFINITY;

  constructor(digest: string, clock: Clock, report: (message: ProgressMessage) => void) {
    this.#id = digest.slice("sha256:".length, "sha256:".length + 12);
    this.#clock = clock;
    this.#report = report;
  }

  state(status: string): void {
    this.#report({ status, progressDetail: {}, id: this.#id });
  }

  bytes(status: string, current: number, total: number): void {
    const now = this.#clock.monotonic();
    if (now - this.#last < INTERVAL_MS && current < total) return;
    this.#last = now;
    this.#report({ status, progressDetail: { current, total }, id: this.#id });
  }
}
