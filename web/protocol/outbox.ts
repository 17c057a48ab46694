import { CHUNK_CREDITS, CHUNK_SIZE } from "./wire.ts";

/** The chunk being filled. */
export interface ChunkRoom {
  /** Bytes still free. */
  readonly room: number;
  readonly view: DataView;
  readonly bytes: Uint8Array;
  /** Where the free bytes begin. */
  offset: number;
}

/** Something that has DATA to send: a stream. */
export interface ChunkSource {
  /** Writes whole frames into the chunk's room; true when it has more that it may send now. */
  fill(chunk: ChunkRoom): boolean;
}

class Chunk implements ChunkRoom {
  readonly bytes = new Uint8Array(CHUNK_SIZE);
  readonly view = new DataView(this.bytes.buffer);
  offset = 0;

  get room(): number {
    return CHUNK_SIZE - this.offset;
  }
}

/**
 * Packs what is to be sent into as few chunks as possible, and sends no more of them than the guest has given
 * credit for. Frames go first, then the DATA of streams in turn, a chunk's worth each.
 */
export class Outbox {
  readonly #send: (chunk: Uint8Array) => void;
  readonly #chunk = new Chunk();
  #frames: Uint8Array[] = [];
  #frameOffset = 0;
  readonly #sources = new Set<ChunkSource>();
  #credits = 0;
  #scheduled = false;

  /** `send` must take its chunk's bytes before it returns. */
  constructor(send: (chunk: Uint8Array) => void) {
    this.#send = send;
  }

  /** Queues a whole frame, ahead of all DATA. */
  put(frame: Uint8Array): void {
    this.#frames.push(frame);
    this.#schedule();
  }

  /** Says that `source` has something to send. */
  wake(source: ChunkSource): void {
    this.#sources.add(source);
    this.#schedule();
  }

  /** Drops what is queued and holds back what comes, until {@link open}. */
  hold(): void {
    this.#frames = [];
    this.#frameOffset = 0;
    this.#sources.clear();
    this.#credits = 0;
  }

  /** The guest is ready: every credit is there. */
  open(): void {
    this.#credits = CHUNK_CREDITS;
    this.#schedule();
  }

  /** The guest has read `chunks` more. */
  credit(chunks: number): void {
    this.#credits = Math.min(CHUNK_CREDITS, this.#credits + chunks);
    this.#flush();
  }

  /** Everything that one task of the page has to say shares chunks. */
  #schedule(): void {
    if (this.#scheduled || this.#credits === 0) return;
    this.#scheduled = true;
    void Promise.resolve().then(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    while (this.#credits > 0) {
      this.#chunk.offset = 0;
      this.#fillWithFrames();
      this.#fillWithData();
      if (this.#chunk.offset === 0) return;
      this.#credits--;
      this.#send(this.#chunk.bytes.subarray(0, this.#chunk.offset));
    }
  }

  #fillWithFrames(): void {
    const chunk = this.#chunk;
    let done = 0;
    for (const frame of this.#frames) {
      const part = frame.subarray(this.#frameOffset, this.#frameOffset + chunk.room);
      chunk.bytes.set(part, chunk.offset);
      chunk.offset += part.length;
      this.#frameOffset += part.length;
      if (this.#frameOffset < frame.length) break;
      this.#frameOffset = 0;
      done++;
    }
    this.#frames.splice(0, done);
  }

  #fillWithData(): void {
    // A half frame must be completed by the next chunk's first bytes.
    if (this.#frames.length > 0) return;
    for (const source of this.#sources) {
      this.#sources.delete(source);
      // Back at the end of the line: the others come first in the next chunk.
      if (source.fill(this.#chunk)) {
        this.#sources.add(source);
        return;
      }
    }
  }
}
