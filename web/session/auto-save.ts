/** Milliseconds without a key after which a save disturbs nobody: it halts the machine for a moment. */
const REST = 10_000;
/** Milliseconds between two saves of a machine that always has something to do. */
const INTERVAL = 120_000;

/** What an {@link AutoSave} needs of its surroundings. */
export interface AutoSaveOptions {
  /** Saves; resolves when that is done, well or not. */
  readonly save: () => Promise<void>;
  /** Milliseconds, always growing. */
  readonly now: () => number;
}

/**
 * Decides when the machine is saved by itself: when somebody has used it and then rests, and at once when nobody looks
 * at the page any more, since it may not come back.
 */
export class AutoSave {
  readonly #options: AutoSaveOptions;
  /** Whether anybody has used this machine: one that nobody has is as good as new. */
  #used = false;
  #changed = false;
  #lastKey = -Infinity;
  #lastSave = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving = false;

  constructor(options: AutoSaveOptions) {
    this.#options = options;
  }

  /** Somebody has typed, or done something to a container. */
  touched(): void {
    this.#used = true;
    this.#lastKey = this.#options.now();
    this.changed();
  }

  /** Something has happened in the machine. */
  changed(): void {
    if (!this.#used) return;
    this.#changed = true;
    this.#schedule();
  }

  /** Nobody looks at the page any more. */
  hidden(): void {
    if (this.#changed) void this.#save();
  }

  /** The machine was saved by somebody's wish, or is gone. */
  settled(): void {
    this.#changed = false;
    this.#lastSave = this.#options.now();
    this.#stop();
  }

  /** There is another machine, which nobody has used. */
  reset(): void {
    this.settled();
    this.#used = false;
    this.#lastSave = -Infinity;
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#saving) return;
    const due = Math.max(this.#lastKey + REST, this.#lastSave + INTERVAL);
    this.#timer = setTimeout(() => this.#ring(), Math.max(0, due - this.#options.now()));
  }

  /** A key may have been pressed since the timer was set. */
  #ring(): void {
    this.#stop();
    if (this.#options.now() < this.#lastKey + REST) this.#schedule();
    else void this.#save();
  }

  async #save(): Promise<void> {
    if (this.#saving) return;
    this.settled();
    this.#saving = true;
    await this.#options.save();
    this.#saving = false;
    if (this.#changed) this.#schedule();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
