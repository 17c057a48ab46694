import * as tty from "native:tty";
import type { Terminals } from "../terminals.ts";

/** {@link Terminals} on native:tty. */
export class NativeTerminals implements Terminals {
  isTerminal(fd: number): boolean {
    return tty.isatty(fd);
  }

  size(fd: number): { rows: number; columns: number } {
    const [rows, columns] = tty.getSize(fd);
    return { rows, columns };
  }

  makeRaw(fd: number): () => void {
    const settings = tty.makeRaw(fd);
    return () => tty.restore(fd, settings);
  }
}
