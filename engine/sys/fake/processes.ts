import type { Disposable } from "../files.ts";
import type { Coprocess, ExitStatus, Processes, SpawnOptions } from "../processes.ts";
import type { Connection } from "../streams.ts";
import { FakeConnection } from "./connection.ts";
import type { Descriptors } from "./descriptors.ts";
import { sysError } from "./sys-error.ts";

/** A process that was spawned. Its descriptors are its own copies; -1 is /dev/null. */
export interface FakeChild {
  readonly pid: number;
  readonly options: SpawnOptions;
  readonly fds: readonly number[];
  /** Ends it: its descriptors are closed, and its parent hears of it. */
  exit(status: ExitStatus): void;
}

/** What {@link FakeProcesses.run} is to answer. */
export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A coprocess as the program in it sees itself. */
export interface FakeCoprocess {
  readonly file: string;
  readonly argv: readonly string[];
  readonly stdin: Connection;
  readonly stdout: Connection;
}

const FIRST_PID = 1000;

/** {@link Processes} that records its calls. */
export class FakeProcesses implements Processes {
  readonly pid = FIRST_PID;
  readonly spawned: FakeChild[] = [];
  readonly signals: { readonly pid: number; readonly signal: number }[] = [];
  /** Plays the program that was spawned; may throw, as where there is no such file. */
  onSpawn: (child: FakeChild) => void = () => {};
  /** Plays programs that are run to their end. */
  onRun: (file: string, argv: readonly string[]) => RunResult = () => ({ code: 0, stdout: "", stderr: "" });
  /** Plays programs that are talked to; without it they end at once. */
  onCoprocess: (program: FakeCoprocess) => void = ({ stdin, stdout }) => {
    stdin.close();
    stdout.close();
  };
  /** Called for each signal to a process that is there. */
  onKill: (pid: number, signal: number) => void = () => {};
  readonly #descriptors: Descriptors;
  readonly #alive = new Map<number, Set<() => void>>();
  readonly #handlers = new Map<number, (signal: number) => void>();
  #last = FIRST_PID;

  constructor(descriptors: Descriptors) {
    this.#descriptors = descriptors;
  }

  spawn(options: SpawnOptions, exited: (status: ExitStatus) => void): number {
    const pid = this.fork();
    const fds = options.fds.map(fd => (fd < 3 ? fd : this.#descriptors.duplicate(fd)));
    const child: FakeChild = {
      pid,
      options,
      fds,
      exit: status => {
        this.#closeAll(fds);
        this.end(pid);
        queueMicrotask(() => exited(status));
      },
    };
    try {
      this.onSpawn(child);
    } catch (error) {
      this.#closeAll(fds);
      this.end(pid);
      throw error;
    }
    this.spawned.push(child);
    return pid;
  }

  async run(file: string, argv: readonly string[]): Promise<RunResult> {
    return this.onRun(file, argv);
  }

  startCoprocess(file: string, argv: readonly string[]): Coprocess {
    const connect = (): FakeConnection[] =>
      this.#descriptors.openPair().map(fd => {
        this.#descriptors.leaveOut(fd);
        return new FakeConnection(this.#descriptors, fd);
      });
    const [input, stdin] = connect();
    const [output, stdout] = connect();
    if (!input || !stdin || !output || !stdout) throw sysError("EMFILE", "pipe");
    this.onCoprocess({ file, argv, stdin, stdout });
    return { pid: this.fork(), input, output };
  }

  kill(pid: number, signal: number): void {
    if (!this.#alive.has(pid)) throw sysError("ESRCH", "kill");
    this.signals.push({ pid, signal });
    this.onKill(pid, signal);
  }

  watchExit(pid: number, exited: () => void): Disposable {
    const watchers = this.#alive.get(pid);
    if (!watchers) throw sysError("ESRCH", "pidfd_open");
    watchers.add(exited);
    return { dispose: () => watchers.delete(exited) };
  }

  onSignal(signal: number, callback: (signal: number) => void): void {
    this.#handlers.set(signal, callback);
  }

  /** Sends a signal to the process under test itself. */
  deliver(signal: number): void {
    this.#handlers.get(signal)?.(signal);
  }

  /** A process that the one under test did not start. */
  fork(): number {
    this.#alive.set(++this.#last, new Set());
    return this.#last;
  }

  /** Ends such a process. */
  end(pid: number): void {
    const watchers = this.#alive.get(pid) ?? [];
    this.#alive.delete(pid);
    for (const exited of watchers) queueMicrotask(exited);
  }

  isAlive(pid: number): boolean {
    return this.#alive.has(pid);
  }

  #closeAll(fds: readonly number[]): void {
    for (const fd of fds) if (this.#descriptors.isOpen(fd)) this.#descriptors.close(fd);
  }
}
