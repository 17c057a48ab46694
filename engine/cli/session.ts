import type { Disposable } from "../sys/files.ts";
import type { Connection } from "../sys/streams.ts";

/** Of a terminal, in characters. */
export interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** One of a command's three standard streams. */
export interface Stdio {
  readonly isTerminal: boolean;
  /** null where it is no terminal. */
  size(): Size | null;
  /** The stream itself, which is opened at the first call. It never blocks, whoever else uses it. */
  connection(): Connection;
}

/**
 * Whoever runs a command: its words and environment, its standard streams, its signals and its terminal. A
 * session ends with its command.
 */
export interface Session {
  /** Behind the program's name. */
  readonly words: readonly string[];
  readonly directory: string;
  readonly stdin: Stdio;
  readonly stdout: Stdio;
  readonly stderr: Stdio;
  env(name: string): string | undefined;
  /** All variables, as NAME=VALUE. */
  environment(): readonly string[];
  /** Calls back with each SIGINT and SIGTERM; with {@link catchAllSignals}, with all that can be caught. */
  onSignal(listener: (signal: number) => void): void;
  /** From now on no signal stops or ends the program by itself. */
  catchAllSignals(): void;
  /** Calls back when nobody is there any more to see how the command ends. */
  onHangUp(listener: () => void): void;
  onResize(listener: () => void): Disposable;
  /** Calls back when the command must fall silent because its job is stopped, and when it may go on. */
  onPause(listener: (paused: boolean) => void): Disposable;
  /** Waits until the terminal of stdin is ours to read, in raw mode or as it is. */
  takeTerminal(raw: boolean): Promise<void>;
  /** Gives the terminal its own mode back. */
  releaseTerminal(): void;
}
