import type { Bytes, HttpHead } from "../bytes.ts";
import type { Connection } from "../streams.ts";
import type { BodyFraming } from "./message.ts";

const NEWLINE = 10;
const LARGEST_HEAD = 64 * 1024;
const CHUNK_SIZE = /^([0-9a-f]{1,12})[ \t]*(?:;|$)/i; // what follows a semicolon is an extension

/** A body while it arrives. */
export interface Body {
  /** The next piece, valid until the next call; null at the end. Throws where the message is cut off. */
  read(): Promise<Uint8Array | null>;
}

/** Reads HTTP messages from a connection: heads and bodies in turn. */
export class HttpReader {
  readonly #connection: Connection;
  readonly #bytes: Bytes;
  #buffer: Uint8Array;
  #start = 0;
  #end = 0;

  /** `size` is of the buffer, in bytes, and so of the largest piece of a body. */
  constructor(connection: Connection, bytes: Bytes, size = 16 * 1024) {
    this.#connection = connection;
    this.#bytes = bytes;
    this.#buffer = new Uint8Array(size);
  }

  /** The next message's head; null where the connection ends before one begins. Throws where it is malformed. */
  async head(): Promise<HttpHead | null> {
    for (;;) {
      const head =
        this.#end > this.#start ? this.#bytes.parseHttpHead(this.#buffer, this.#start, this.#end) : null;
      if (head) {
        this.#start += head[0];
        return head;
      }
      if (!(await this.#fill())) {
        if (this.#end === this.#start) return null;
        throw new Error("unexpected EOF");
      }
    }
  }

  /** The body that follows the last head. It must be read to its end before the next head. */
  body(framing: BodyFraming): Body {
    if (framing === "chunked") return { read: this.#chunkReader() };
    if (framing === "until-close") return { read: () => this.#take(Number.POSITIVE_INFINITY) };
    let left = framing.length;
    return {
      read: async () => {
        if (left === 0) return null;
        const piece = await this.#take(left);
        if (!piece) throw new Error("unexpected EOF");
        left -= piece.length;
        return piece;
      },
    };
  }

  /** What was read from the connection beyond the last message, for whoever takes it over. */
  leftover(): Uint8Array {
    return this.#buffer.slice(this.#start, this.#end);
  }

  /** At most so many bytes of what has come; null at the connection's end. */
  async #take(limit: number): Promise<Uint8Array | null> {
    if (this.#start === this.#end && !(await this.#fill())) return null;
    const end = Math.min(this.#end, this.#start + limit);
    const piece = this.#buffer.subarray(this.#start, end);
    this.#start = end;
    return piece;
  }

  #chunkReader(): () => Promise<Uint8Array | null> {
    let left = 0; // of the current chunk, with 2 for the line's end behind it
    let ended = false;
    return async () => {
      if (ended) return null;
      while (left <= 2) {
        if (left === 2 && (await this.#line()) !== "") throw new SyntaxError("malformed chunk");
        const [, digits] = CHUNK_SIZE.exec(await this.#line()) ?? [];
        if (digits === undefined) throw new SyntaxError("malformed chunk");
        const size = Number.parseInt(digits, 16);
        if (size === 0) {
          ended = true;
          while ((await this.#line()) !== ""); // trailer fields
          return null;
        }
        left = size + 2;
      }
      const piece = await this.#take(left - 2);
      if (!piece) throw new Error("unexpected EOF");
      left -= piece.length;
      return piece;
    };
  }

  /** One line without its end. */
  async #line(): Promise<string> {
    for (;;) {
      const newline = this.#bytes.indexOf(this.#buffer, NEWLINE, this.#start, this.#end);
      if (newline >= 0) {
        const text = this.#bytes.decode(this.#buffer, this.#start, newline);
        this.#start = newline + 1;
        return text.endsWith("\r") ? text.slice(0, -1) : text;
      }
      if (!(await this.#fill())) throw new Error("unexpected EOF");
    }
  }

  /** Reads more behind what is there. False at the connection's end. */
  async #fill(): Promise<boolean> {
    if (this.#start > 0) {
      this.#buffer.copyWithin(0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
    }
    if (this.#end === this.#buffer.length) {
      if (this.#buffer.length > LARGEST_HEAD) throw new RangeError("header too large");
      const larger = new Uint8Array(this.#buffer.length * 2);
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    const length = await this.#connection.read(this.#buffer.subarray(this.#end));
    this.#end += length;
    return length > 0;
  }
}
