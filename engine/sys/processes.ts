import type { Disposable } from "./files.ts";

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

/** Processes, by number and as children. */
export interface Processes {
  readonly pid: number;
  /** Starts a child; `exited` is called once it has ended and been reaped. */
  spawn(options: SpawnOptions, exited: (status: ExitStatus) => void): number;
  /** Runs a program to its end with nothing on stdin, and collects what it prints. */
  run(file: string, argv: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  kill(pid: number, signal: number): void;
  /** Calls back when any process has ended. Throws ESRCH where there is none. */
  watchExit(pid: number, exited: () => void): Disposable;
  /** Calls back instead of the signal's default action. */
  onSignal(signal: number, callback: (signal: number) => void): void;
}
