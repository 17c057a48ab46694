import { type ReadonlySignal, signal } from "@preact/signals";
import type { Quiet } from "./quiet.ts";

/** A command that leaves nothing behind. */
export type WarmUpCommand = readonly [string, ...string[]];

/** What one command took. */
export interface WarmUpResult {
  readonly command: string;
  readonly milliseconds: number;
  /** The exit code; undefined where it did not come to one. */
  readonly status: number | undefined;
}

/** What a warm-up needs of the machine: runs a command, discards its output, and gives its exit code. */
export type RunQuietly = (command: WarmUpCommand) => Promise<number | undefined>;

/**
 * What a learner is likely to do first, without traces. The emulator compiles code when it has seen it a few times,
 * and what it has compiled is not part of a saved machine.
 */
export const WARM_UP: readonly WarmUpCommand[] = [
  ["docker", "version"],
  ["docker", "ps"],
  ["docker", "images"],
  ["docker", "ps", "-a"],
];

/** Runs a command where nobody else wants the processor. */
const IDLY: WarmUpCommand = ["nice", "-n", "19"];

/** Makes the first commands of a fresh machine fast while its learner reads. */
export class WarmUp {
  readonly #run: RunQuietly;
  readonly #quiet: Quiet;
  readonly #results = signal<readonly WarmUpResult[]>([]);

  constructor(run: RunQuietly, quiet: Quiet) {
    this.#run = run;
    this.#quiet = quiet;
  }

  /** What has been done so far. */
  get results(): ReadonlySignal<readonly WarmUpResult[]> {
    return this.#results;
  }

  /** Runs the commands one after the other, each when it is quiet; resolves early when `end` is aborted. */
  async start(commands: readonly WarmUpCommand[], end: AbortSignal): Promise<void> {
    for (const command of commands) {
      try {
        await this.#quiet.reached(end); // a learner who types comes first
      } catch {
        return; // called off
      }
      await this.#measure(command);
    }
  }

  async #measure(command: WarmUpCommand): Promise<void> {
    const name = command.join(" ");
    const start = performance.now();
    const status = await this.#run([...IDLY, ...command]);
    const end = performance.now();
    performance.measure(`warm-up: ${name}`, { start, end });
    this.#results.value = [...this.#results.value, { command: name, milliseconds: end - start, status }];
  }
}
