/** Terminals, by descriptor. */
export interface Terminals {
  isTerminal(fd: number): boolean;
  size(fd: number): { rows: number; columns: number };
  /** Sets raw mode (termios(3), cfmakeraw). Returns what gives the terminal its settings back. */
  makeRaw(fd: number): () => void;
}
