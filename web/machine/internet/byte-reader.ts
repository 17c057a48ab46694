import type { BytePipe } from "../../protocol/byte-pipe.ts";
import { concat } from "../../protocol/frame-parser.ts";

/** Reads a connection in the pieces that a protocol has, however its bytes arrive. */
export class ByteReader {
  readonly #pipe: BytePipe;
  #held: Uint8Array = new Uint8Array();

  constructor(pipe: BytePipe) {
    this.#pipe = pipe;
  }

  /**
   * The bytes up to and including `mark`; undefined where the connection ends first, or `most` bytes come without it.
   */
  async until(mark: Uint8Array, most: number): Promise<Uint8Array | undefined> {
    for (let from = 0; ; ) {
      const at = indexOf(this.#held, mark, from);
      if (at >= 0) return this.#take(at + mark.length);
      from = Math.max(0, this.#held.length - mark.length + 1);
      if (this.#held.length > most || !(await this.#more())) return undefined;
    }
  }

  /** The next `length` bytes; undefined where the connection ends first. */
  async exactly(length: number): Promise<Uint8Array | undefined> {
    const pieces: Uint8Array[] = [];
    for (let left = length; left > 0; ) {
      if (this.#held.length === 0 && !(await this.#more())) return undefined;
      const piece = this.#take(Math.min(left, this.#held.length));
      pieces.push(piece);
      left -= piece.length;
    }
    return concat(pieces);
  }

  #take(length: number): Uint8Array {
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return taken;
  }

  async #more(): Promise<boolean> {
    const chunk = await this.#pipe.read();
    if (chunk) this.#held = this.#held.length === 0 ? chunk.bytes : concat([this.#held, chunk.bytes]);
    return chunk !== undefined;
  }
}

function indexOf(bytes: Uint8Array, mark: Uint8Array, from: number): number {
  const [first = 0] = mark;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (at + mark.length > bytes.length) return -1;
    if (mark.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}
