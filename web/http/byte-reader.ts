import { concat } from "../protocol/frame-parser.ts";
import { decodeLatin1 } from "./head.ts";
import { HttpError } from "./http-error.ts";

/** Where bytes come from; undefined when there will be no more. */
export type ReadBytes = () => Promise<Uint8Array | undefined>;

const NEWLINE = 10;
/** The empty line after a head; servers of little rigour send bare newlines. */
const END_OF_HEAD = /\r?\n\r?\n/;

/** Bytes of a connection, taken in the pieces that HTTP knows. */
export class ByteReader {
  readonly #source: ReadBytes;
  #held: Uint8Array = new Uint8Array();

  constructor(source: ReadBytes) {
    this.#source = source;
  }

  /** What comes next, at most `most` bytes; undefined at the end. */
  async read(most = Infinity): Promise<Uint8Array | undefined> {
    if (this.#held.length === 0 && !(await this.#fetch())) return undefined;
    const taken = this.#held.subarray(0, most);
    this.#held = this.#held.subarray(taken.length);
    return taken;
  }

  /** A head without the empty line after it; undefined where the connection ended before its first byte. */
  async head(largest: number): Promise<string | undefined> {
    for (;;) {
      const text = decodeLatin1(this.#held.subarray(0, largest));
      const end = END_OF_HEAD.exec(text);
      if (end !== null) {
        this.#held = this.#held.subarray(end.index + end[0].length);
        return text.slice(0, end.index);
      }
      if (this.#held.length >= largest)
        throw new HttpError("too-large", `a head of more than ${largest} bytes`);
      if (await this.#fetch()) continue;
      if (this.#held.length === 0) return undefined;
      throw new HttpError("malformed", "the connection ended in the middle of the head");
    }
  }

  /** A line without its end; throws where the connection ends before it or it is longer than `longest`. */
  async line(longest: number): Promise<string> {
    for (;;) {
      const end = this.#held.indexOf(NEWLINE);
      if (end >= 0) {
        const line = decodeLatin1(this.#held.subarray(0, end)).replace(/\r$/, "");
        this.#held = this.#held.subarray(end + 1);
        return line;
      }
      if (this.#held.length > longest)
        throw new HttpError("malformed", `a line of more than ${longest} bytes`);
      if (!(await this.#fetch())) throw new HttpError("incomplete", "the connection ended within a line");
    }
  }

  async #fetch(): Promise<boolean> {
    const bytes = await this.#source();
    if (bytes === undefined) return false;
    this.#held = this.#held.length === 0 ? bytes : concat([this.#held, bytes]);
    return true;
  }
}
