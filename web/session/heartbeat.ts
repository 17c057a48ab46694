/** Milliseconds between two beats. */
const INTERVAL = 5000;
/** Beats without an answer after which something counts as silent: a save may take a few seconds. */
const PATIENCE = 3;

/**
 * Asks something again and again whether it lives. Counts beats and not time, so that a computer that was asleep
 * does not look like one that hangs.
 */
export class Heartbeat {
  readonly #ping: () => Promise<void>;
  readonly #tell: (silent: boolean) => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #unanswered = 0;
  #silent = false;

  /** `tell` learns when it falls silent, and when it answers again. */
  constructor(ping: () => Promise<void>, tell: (silent: boolean) => void) {
    this.#ping = ping;
    this.#tell = tell;
  }

  start(): void {
    this.#timer = setInterval(() => this.#beat(), INTERVAL);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #beat(): void {
    if (this.#unanswered++ === 0) {
      this.#ping().then(
        () => this.#hear(),
        () => undefined, // whatever breaks says so itself
      );
    }
    this.#set(this.#unanswered > PATIENCE);
  }

  #hear(): void {
    this.#unanswered = 0;
    if (this.#timer !== undefined) this.#set(false);
  }

  #set(silent: boolean): void {
    if (silent === this.#silent) return;
    this.#silent = silent;
    this.#tell(silent);
  }
}
