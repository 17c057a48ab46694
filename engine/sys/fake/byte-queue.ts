import { sysError } from "./sys-error.ts";

/** One direction of a stream: bytes that were written and not read yet. */
export class ByteQueue {
  /** How many bytes it holds before a writer has to wait; a test may set it. */
  capacity = Number.POSITIVE_INFINITY;
  /** Descriptors that came along (unix(7), SCM_RIGHTS), for whoever reads next. */
  readonly passed: number[] = [];
  #pieces: Uint8Array[] = [];
  #length = 0;
  #ended = false;
  #broken = false;
  #waiting: (() => void)[] = [];

  get ended(): boolean {
    return this.#ended;
  }

  get length(): number {
    return this.#length;
  }

  /** Adds bytes; resolves once there is room for more. Rejects with EPIPE where nobody will read. */
  async write(data: Uint8Array): Promise<void> {
    if (this.#broken) throw sysError("EPIPE", "write");
    this.#pieces.push(data.slice());
    this.#length += data.length;
    this.#wake();
    while (this.#length > this.capacity) {
      await this.#change();
      if (this.#broken) throw sysError("EPIPE", "write");
    }
  }

  /** Takes what is there, at most the buffer's length; undefined where one would have to wait. */
  take(buffer: Uint8Array): number | undefined {
    const [first] = this.#pieces;
    if (!first) return this.#ended ? 0 : undefined;
    const length = Math.min(first.length, buffer.length);
    buffer.set(first.subarray(0, length));
    if (length < first.length) this.#pieces[0] = first.subarray(length);
    else this.#pieces.shift();
    this.#length -= length;
    this.#wake();
    return length;
  }

  /** The same, waiting until there is something. */
  async read(buffer: Uint8Array): Promise<number> {
    for (;;) {
      const length = this.take(buffer);
      if (length !== undefined) return length;
      await this.#change();
    }
  }

  /** No more will be written. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** No more will be read. */
  break(): void {
    this.#broken = true;
    this.#wake();
  }

  #change(): Promise<void> {
    return new Promise(resolve => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
