import { type Channel, CONTROL_PAYLOAD_MAX, FrameType, HEADER_SIZE } from "./wire.ts";

/** Who is told what a {@link FrameParser} finds. */
export interface FrameSink {
  /** A piece of a frame of DATA: a view of the chunk, which it may keep. */
  data(stream: number, channel: Channel, bytes: Uint8Array): void;
  /** A whole frame of any other type. */
  frame(type: number, stream: number, payload: Uint8Array): void;
  /** The bytes make no sense; the parser ignores everything until it is reset. */
  malformed(what: string): void;
}

/**
 * Finds frames in a sequence of chunks that are cut anywhere. DATA is passed on piece by piece without a copy;
 * other frames are gathered first.
 */
export class FrameParser {
  readonly #sink: FrameSink;
  readonly #header = new Uint8Array(HEADER_SIZE);
  readonly #headerView = new DataView(this.#header.buffer);
  #headerUsed = 0;
  #type = 0;
  #channel: Channel = 0;
  #stream = 0;
  #missing = 0;
  #pieces: Uint8Array[] = [];
  #broken = false;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** Forgets a half frame, and that the bytes made no sense. */
  reset(): void {
    this.#headerUsed = 0;
    this.#missing = 0;
    this.#pieces = [];
    this.#broken = false;
  }

  /** Takes the next bytes of the link. They must not change afterwards. */
  push(chunk: Uint8Array): void {
    let offset = 0;
    while (offset < chunk.length && !this.#broken) {
      offset +=
        this.#headerUsed < HEADER_SIZE ? this.#takeHeader(chunk, offset) : this.#takePayload(chunk, offset);
    }
  }

  #takeHeader(chunk: Uint8Array, offset: number): number {
    const count = Math.min(HEADER_SIZE - this.#headerUsed, chunk.length - offset);
    this.#header.set(chunk.subarray(offset, offset + count), this.#headerUsed);
    this.#headerUsed += count;
    if (this.#headerUsed === HEADER_SIZE) this.#readHeader();
    return count;
  }

  #readHeader(): void {
    this.#type = this.#headerView.getUint8(0);
    this.#channel = this.#headerView.getUint8(1) === 1 ? 1 : 0;
    this.#stream = this.#headerView.getUint16(2, true);
    this.#missing = this.#headerView.getUint32(4, true);
    if (this.#type !== FrameType.data && this.#missing > CONTROL_PAYLOAD_MAX) {
      this.#broken = true;
      this.#sink.malformed(`a frame of type ${this.#type} with ${this.#missing} bytes`);
    } else if (this.#missing === 0) {
      this.#complete();
    }
  }

  #takePayload(chunk: Uint8Array, offset: number): number {
    const count = Math.min(this.#missing, chunk.length - offset);
    const piece = chunk.subarray(offset, offset + count);
    this.#missing -= count;
    if (this.#type === FrameType.data) this.#sink.data(this.#stream, this.#channel, piece);
    else this.#pieces.push(piece);
    if (this.#missing === 0) this.#complete();
    return count;
  }

  #complete(): void {
    const payload = concat(this.#pieces);
    this.#headerUsed = 0;
    this.#pieces = [];
    if (this.#type !== FrameType.data) this.#sink.frame(this.#type, this.#stream, payload);
  }
}

/** All of `pieces` one after the other; a single piece is returned as it is. */
export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1 && pieces[0] !== undefined) return pieces[0];
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
