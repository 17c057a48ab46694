import type { Disposable } from "./files.ts";
import type { Connection } from "./streams.ts";

/** How a process ended: an exit code, or a signal's number with code 0. */
export interface ExitStatus {
  readonly code: number;
  readonly signal: number;
}

/** What to start. */
export interface SpawnOptions {
  readonly file: string;
  readonly argv: readonly string[];
  /** NAME=VALUE; by default the daemon's own environment. */
  readonly env?: readonly string[];
  readonly cwd?: string;
  /** The child's descriptor i is fds[i]; -1 is /dev/null. */
  readonly fds: readonly number[];
  /** A session of its own, so that no terminal's signals reach it. */
  readonly newSession?: boolean;
}

/** A program that stays, is fed through a pipe, and answers. */
export interface Coprocess {
  readonly pid: number;
  /** Its stdin; it ends where that is closed. */
  readonly input: Connection;
  /** Its stdout and stderr: a raw terminal, so that it writes each line at once. At its end a read fails with EIO. */
  readonly output: Connection;
}

/** Processes, by number and as children. */
export interface Processes {
  readonly pid: number;
  /** Starts a child; `exited` is called once it has ended and been reaped. */
  spawn(options: SpawnOptions, exited: (status: ExitStatus) => void): number;
  /** Runs a program to its end with nothing on stdin, and collects what it prints. */
  run(file: string, argv: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  /** Starts a program that is talked to for as long as it lives, with nothing of our environment. */
  startCoprocess(file: string, argv: readonly string[]): Coprocess;
  kill(pid: number, signal: number): void;
  /** Calls back when any process has ended. Throws ESRCH where there is none. */
  watchExit(pid: number, exited: () => void): Disposable;
  /** Calls back instead of the signal's default action. */
  onSignal(signal: number, callback: (signal: number) => void): void;
}
