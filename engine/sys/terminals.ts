/** Terminals, by descriptor. */
export interface Terminals {
  isTerminal(fd: number): boolean;
  size(fd: number): { rows: number; columns: number };
}
