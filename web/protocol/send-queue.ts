import type { ChunkRoom } from "./outbox.ts";
import { FrameType, HEADER_SIZE, WINDOW_TO_GUEST, putHeader } from "./wire.ts";

/** What a stream still has to send: bytes within the guest's window, then EOF. */
export class SendQueue {
  readonly #stream: number;
  #pieces: Uint8Array[] = [];
  #pieceOffset = 0;
  #bytes = 0;
  #window = WINDOW_TO_GUEST;
  #end: "open" | "queued" | "sent" = "open";

  constructor(stream: number) {
    this.#stream = stream;
  }

  /** Bytes that have not left. */
  get bytes(): number {
    return this.#bytes;
  }

  get endSent(): boolean {
    return this.#end === "sent";
  }

  /** False after {@link end}: the bytes are not taken. */
  push(bytes: Uint8Array): boolean {
    if (this.#end !== "open" || bytes.length === 0) return false;
    this.#pieces.push(bytes);
    this.#bytes += bytes.length;
    return true;
  }

  end(): void {
    if (this.#end === "open") this.#end = "queued";
  }

  /** The guest takes `bytes` more. */
  grant(bytes: number): void {
    this.#window += bytes;
  }

  /** Drops what is queued; nothing is taken any more. */
  clear(): void {
    this.#pieces = [];
    this.#bytes = 0;
    this.#end = "sent";
  }

  /** Whether {@link fill} has something to write. */
  get sendable(): boolean {
    return this.#bytes > 0 ? this.#window > 0 : this.#end === "queued";
  }

  /** Writes what fits into `chunk`; returns the bytes of data among it. */
  fill(chunk: ChunkRoom): number {
    const count = Math.max(0, Math.min(this.#bytes, this.#window, chunk.room - HEADER_SIZE));
    if (count > 0) this.#putData(chunk, count);
    if (this.#bytes === 0 && this.#end === "queued" && chunk.room >= HEADER_SIZE) {
      putHeader(chunk.view, chunk.offset, FrameType.eof, 0, this.#stream, 0);
      chunk.offset += HEADER_SIZE;
      this.#end = "sent";
    }
    return count;
  }

  #putData(chunk: ChunkRoom, count: number): void {
    putHeader(chunk.view, chunk.offset, FrameType.data, 0, this.#stream, count);
    chunk.offset += HEADER_SIZE;
    this.#bytes -= count;
    this.#window -= count;
    let done = 0;
    let missing = count;
    for (const piece of this.#pieces) {
      const part = piece.subarray(this.#pieceOffset, this.#pieceOffset + missing);
      chunk.bytes.set(part, chunk.offset);
      chunk.offset += part.length;
      missing -= part.length;
      this.#pieceOffset += part.length;
      if (this.#pieceOffset < piece.length) break;
      this.#pieceOffset = 0;
      done++;
    }
    this.#pieces.splice(0, done);
  }
}
