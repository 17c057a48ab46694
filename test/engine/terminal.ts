import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { expect } from "vitest";
import { JSRUN } from "../native/jsrun.ts";

export interface TerminalOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly rows?: number;
  readonly columns?: number;
}

const PATIENCE_MS = 15_000;

/** A command line on a terminal of its own, and somebody who types and reads (test/native/programs/pty-host.ts). */
export class Terminal {
  /** Resolves with the command line's exit status. */
  readonly ended: Promise<number>;
  readonly #child: ChildProcessWithoutNullStreams;
  #text = "";
  /** How much of the text was waited for already. */
  #seen = 0;

  constructor(host: string, line: string, { env, rows = 24, columns = 80 }: TerminalOptions) {
    this.#child = spawn(JSRUN, [host, `${rows}`, `${columns}`, line], {
      env: { ...process.env, PS1: "$ ", TERM: "xterm", ...env },
    });
    this.#child.stdin.on("error", () => {}); // it may have ended
    this.#child.stdout.on("data", (bytes: Buffer) => (this.#text += bytes.toString()));
    this.#child.stderr.on("data", (bytes: Buffer) => (this.#text += bytes.toString()));
    this.ended = new Promise(resolve => {
      this.#child.once("close", code => resolve(code ?? 128));
    });
  }

  /** All that was shown so far. */
  get text(): string {
    return this.#text;
  }

  type(text: string): void {
    this.#child.stdin.write(`${JSON.stringify(text)}\n`);
  }

  resize(rows: number, columns: number): void {
    this.#child.stdin.write(`${JSON.stringify([rows, columns])}\n`);
  }

  /** Waits until something is shown behind what was waited for before. */
  async shows(wanted: string): Promise<void> {
    await expect.poll(() => this.#text.slice(this.#seen), { timeout: PATIENCE_MS }).toContain(wanted);
    this.#seen = this.#text.indexOf(wanted, this.#seen) + wanted.length;
  }

  /** Types a line, and waits for something that it makes appear. */
  async enter(line: string, wanted: string): Promise<void> {
    this.type(`${line}\r`);
    await this.shows(wanted);
  }
}
