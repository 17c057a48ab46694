import type { Connection } from "./streams.ts";

/** What only a program's entry point needs of its own process. */
export interface OwnProcess {
  /** The words behind the program's name. */
  readonly arguments: readonly string[];
  environment(): Record<string, string>;
  workingDirectory(): string;
  isRoot(): boolean;
  /** What `ps` shows; at most 15 bytes. */
  setName(name: string): void;
  setOpenFileLimit(soft: number, hard: number): void;
  umask(mask: number): number;
  /** Ends the program once the current callback returns. */
  exit(status: number): void;
  onUnhandledRejection(callback: (promise: Promise<unknown>, reason: unknown) => void): void;
  /** Blocking, for log lines and last words. */
  writeError(text: string): void;
  /**
   * A connection to an open file that other processes use too, such as one of stdio. It never blocks, and they
   * don't notice: terminals and pipes are opened again (/proc/self/fd, proc(5)), sockets asked call by call. Files
   * stay as they are, for the sake of the offset that all share. It may have the descriptor itself, or another.
   */
  openShared(fd: number, mode: "read" | "write"): Connection;
  closeDescriptor(fd: number): void;
  /** Waits for bytes and descriptors from a unix socket (unix(7), SCM_RIGHTS); length 0 at its end. */
  receiveWithFds(connection: Connection, buffer: Uint8Array): Promise<{ length: number; fds: number[] }>;
}
