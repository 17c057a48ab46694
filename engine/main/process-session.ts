import type { Session } from "../cli/session.ts";
import { DescriptorStdio, type StdioSystem } from "./stdio.ts";
import type { Disposable } from "../sys/files.ts";
import type { OwnProcess } from "../sys/program.ts";
import type { Processes } from "../sys/processes.ts";

const SIGINT = 2;
const SIGTERM = 15;
const SIGWINCH = 28;
/** Signals that a program can catch but should not: SIGCHLD, SIGPIPE, SIGTTIN, SIGTTOU, SIGURG, and its own faults. */
const LEFT_ALONE: ReadonlySet<number> = new Set([4, 5, 6, 7, 8, 9, 11, 13, 17, 19, 21, 22, 23]);
const LAST_SIGNAL = 64;
/** The first real-time signal that is not the C library's own. */
const FIRST_REALTIME = 34;
const LAST_STANDARD = 31;
/** So many interrupts end the program, whatever the command does. */
const IMPATIENCE = 3;

/** {@link Session} of a command that has this process to itself. */
export class ProcessSession implements Session {
  readonly words: readonly string[];
  readonly directory: string;
  readonly stdin: DescriptorStdio;
  readonly stdout: DescriptorStdio;
  readonly stderr: DescriptorStdio;
  readonly #program: OwnProcess;
  readonly #processes: Processes;
  readonly #makeRaw: () => () => void;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #resizeListeners = new Set<() => void>();
  #listener: (signal: number) => void = () => {};
  #restore: (() => void) | null = null;
  #interrupts = 0;

  constructor(sys: StdioSystem & { processes: Processes }) {
    const { program, processes, terminals } = sys;
    this.words = program.arguments;
    this.directory = program.workingDirectory();
    this.stdin = new DescriptorStdio(0, "read", sys);
    this.stdout = new DescriptorStdio(1, "write", sys);
    this.stderr = new DescriptorStdio(2, "write", sys);
    this.#program = program;
    this.#processes = processes;
    this.#makeRaw = () => terminals.makeRaw(0);
    this.#environment = program.environment();
    for (const signal of [SIGINT, SIGTERM, SIGWINCH])
      processes.onSignal(signal, () => this.#onSignal(signal));
  }

  env(name: string): string | undefined {
    return this.#environment[name];
  }

  environment(): readonly string[] {
    return Object.entries(this.#environment).map(([name, value]) => `${name}=${value}`);
  }

  onSignal(listener: (signal: number) => void): void {
    this.#listener = listener;
  }

  onHangUp(): void {
    // Who could hang up is the process itself.
  }

  onResize(listener: () => void): Disposable {
    this.#resizeListeners.add(listener);
    return { dispose: () => this.#resizeListeners.delete(listener) };
  }

  onPause(): Disposable {
    return { dispose: () => {} }; // the kernel stops all of the process
  }

  catchAllSignals(): void {
    for (let signal = 1; signal <= LAST_SIGNAL; signal++) {
      const isOwn = LEFT_ALONE.has(signal) || (signal > LAST_STANDARD && signal < FIRST_REALTIME);
      if (!isOwn) this.#processes.onSignal(signal, () => this.#onSignal(signal, true));
    }
  }

  takeTerminal(raw: boolean): Promise<void> {
    if (raw && !this.#restore && this.stdin.isTerminal) this.#restore = this.#makeRaw();
    return Promise.resolve();
  }

  releaseTerminal(): void {
    this.#restore?.();
    this.#restore = null;
  }

  #onSignal(signal: number, catchesAll = false): void {
    if (signal === SIGWINCH) {
      for (const listener of this.#resizeListeners) listener();
      if (!catchesAll) return;
    }
    if ((signal === SIGINT || signal === SIGTERM) && ++this.#interrupts === IMPATIENCE) {
      this.releaseTerminal();
      this.#program.writeError(`\ngot ${IMPATIENCE} SIGTERM/SIGINTs, forcefully exiting\n`);
      this.#program.exit(1);
      return;
    }
    this.#listener(signal);
  }
}
