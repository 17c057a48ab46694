import { humanSize } from "../../base/units.ts";
import type { Disposable } from "../../sys/files.ts";
import type { CommandContext } from "../context.ts";

const UPDATE_MS = 75;
const SIZE_DIGITS = 3;
const SAVE = "\x1b[s";
const RESTORE = "\x1b[u\x1b[2K";
const HIDE = "\x1b[?25l";
const SHOW = "\x1b[?25h";
const ERASE_TAIL = "\x1b[0K";

/** Tells on stderr how much of a copy is done: on a terminal while it goes on, elsewhere at its end. */
export class CopyProgress {
  readonly #context: CommandContext;
  readonly #isQuiet: boolean;
  #bytes = 0;
  #shown = 0;
  #timer: Disposable | null = null;

  constructor(context: CommandContext, isQuiet: boolean) {
    this.#context = context;
    this.#isQuiet = isQuiet;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Shows the progress of `copy` behind a title, and then how much went where. */
  async show(title: string, target: string, copy: () => Promise<void>): Promise<void> {
    if (this.#isQuiet) return copy();
    const { stderr, scope } = this.#context;
    if (!stderr.isTerminal) {
      await copy();
    } else {
      void stderr.write(`${SAVE}Preparing to copy...${HIDE}${RESTORE}${title}${this.#size()}`);
      const forget = scope.own(() => this.#timer?.dispose());
      this.#tick(title);
      try {
        await copy();
      } finally {
        forget();
        this.#timer?.dispose();
        void stderr.write(`${SHOW}${RESTORE}`);
      }
    }
    void stderr.line(`Successfully copied ${this.#size()} to ${target}`);
  }

  #tick(title: string): void {
    this.#timer = this.#context.sys.clock.after(UPDATE_MS, () => {
      if (this.#bytes !== this.#shown)
        void this.#context.stderr.write(`\x1b[${title.length + 1}G${ERASE_TAIL}${this.#size()}`);
      this.#shown = this.#bytes;
      this.#tick(title);
    });
  }

  #size(): string {
    return humanSize(this.#bytes, SIZE_DIGITS);
  }
}
