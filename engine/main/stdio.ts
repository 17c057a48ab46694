import type { Size, Stdio } from "../cli/session.ts";
import type { OwnProcess } from "../sys/program.ts";
import type { Connection } from "../sys/streams.ts";
import type { Terminals } from "../sys/terminals.ts";

/** What a standard stream needs of the system. */
export interface StdioSystem {
  readonly program: OwnProcess;
  readonly terminals: Terminals;
}

/** {@link Stdio} on a descriptor. */
export class DescriptorStdio implements Stdio {
  readonly fd: number;
  readonly #mode: "read" | "write";
  readonly #sys: StdioSystem;
  #connection: Connection | null = null;

  constructor(fd: number, mode: "read" | "write", sys: StdioSystem) {
    this.fd = fd;
    this.#mode = mode;
    this.#sys = sys;
  }

  get isTerminal(): boolean {
    return this.#sys.terminals.isTerminal(this.fd);
  }

  size(): Size | null {
    return this.isTerminal ? this.#sys.terminals.size(this.fd) : null;
  }

  connection(): Connection {
    this.#connection ??= this.#sys.program.openShared(this.fd, this.#mode);
    return this.#connection;
  }

  /** Closes the descriptor with all that was made of it. */
  close(): void {
    const isSame = this.#connection?.fd === this.fd;
    this.#connection?.close();
    if (!isSame) this.#sys.program.closeDescriptor(this.fd);
  }
}
