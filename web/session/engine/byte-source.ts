import type { BytePipe } from "../../protocol/byte-pipe.ts";
import { decodeText } from "../../protocol/text.ts";
import { EngineCallError } from "./engine-call-error.ts";

const NEWLINE = 10;
/** Bytes of a head's line; the daemon's are much shorter. */
const LONGEST_LINE = 64 * 1024;

/** The bytes of a pipe in the pieces that a protocol asks for, however they were sent. */
export class ByteSource {
  readonly #pipe: BytePipe;
  #rest: Uint8Array = new Uint8Array();

  constructor(pipe: BytePipe) {
    this.#pipe = pipe;
  }

  /** The next line without its end, LF or CRLF. Throws "unreachable" where the bytes end before the line. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf(NEWLINE);
      if (end >= 0) {
        const text = decodeText(this.#rest.subarray(0, end));
        this.#rest = this.#rest.subarray(end + 1);
        return text.endsWith("\r") ? text.slice(0, -1) : text;
      }
      if (this.#rest.length > LONGEST_LINE) throw new EngineCallError("protocol", "a line without end");
      if (!(await this.#more())) throw cutOff();
    }
  }

  /** Some of the next bytes, at most `most`; undefined at the end. */
  async some(most: number): Promise<Uint8Array | undefined> {
    if (this.#rest.length === 0 && !(await this.#more())) return undefined;
    const bytes = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(bytes.length);
    return bytes;
  }

  async #more(): Promise<boolean> {
    const chunk = await this.#pipe.read();
    if (chunk === undefined) return false;
    const joined = new Uint8Array(this.#rest.length + chunk.bytes.length);
    joined.set(this.#rest);
    joined.set(chunk.bytes, this.#rest.length);
    this.#rest = joined;
    return true;
  }
}

/** The connection ended where more had to come. */
export function cutOff(): EngineCallError {
  return new EngineCallError("unreachable", "the daemon hung up in the middle of its answer");
}
