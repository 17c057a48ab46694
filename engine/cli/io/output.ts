import type { Session, Size, Stdio } from "../session.ts";

/** What happens when nobody can be written to any more, with the failed write's error. */
type OnBroken = (error: unknown) => void;

/** Holds up what waits for it. */
class Gate {
  readonly opened: Promise<void>;
  open: () => void = () => {};

  constructor() {
    this.opened = new Promise(resolve => {
      this.open = resolve;
    });
  }
}

/** stdout or stderr for text. Writes go out in their order; while the job is stopped they wait. */
export class TextOutput {
  readonly #stdio: Stdio;
  readonly #onBroken: OnBroken;
  #last: Promise<void> = Promise.resolve();
  /** null while the job goes on. */
  #stopped: Gate | null = null;

  constructor(stdio: Stdio, session: Session, onBroken: OnBroken) {
    this.#stdio = stdio;
    this.#onBroken = onBroken;
    session.onPause(paused => this.#pause(paused));
  }

  get isTerminal(): boolean {
    return this.#stdio.isTerminal;
  }

  size(): Size | null {
    return this.#stdio.size();
  }

  /** Resolves when it is written; wait for it where much is to come. */
  write(text: string): Promise<void> {
    this.#last = this.#stopped ? this.#stopped.opened.then(() => this.#send(text)) : this.#send(text);
    return this.#last;
  }

  /** {@link write} with a line's end. */
  line(text: string): Promise<void> {
    return this.write(`${text}\n`);
  }

  /** Bytes, as they are. */
  writeBytes(bytes: Uint8Array): Promise<void> {
    this.#last = this.#stopped ? this.#stopped.opened.then(() => this.#send(bytes)) : this.#send(bytes);
    return this.#last;
  }

  /** Resolves when all is written. */
  flush(): Promise<void> {
    return this.#last;
  }

  async #send(data: string | Uint8Array): Promise<void> {
    try {
      await this.#stdio.connection().write(data);
    } catch (error) {
      this.#onBroken(error);
    }
  }

  #pause(paused: boolean): void {
    if (paused && !this.#stopped) this.#stopped = new Gate();
    if (paused) return;
    this.#stopped?.open();
    this.#stopped = null;
  }
}
