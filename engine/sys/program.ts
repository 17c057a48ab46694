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
  /** A second description of an open file, non-blocking without its owner noticing (open(2), /proc/self/fd). */
  reopen(fd: number, mode: "read" | "write"): number;
  closeDescriptor(fd: number): void;
  /** Descriptors that came over a unix socket; null while nothing waits (unix(7), SCM_RIGHTS). */
  receiveWithFds(fd: number, buffer: Uint8Array): { length: number; fds: number[] } | null;
}
