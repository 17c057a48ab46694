import { type Deferred, deferred } from "./deferred.ts";
import { concat } from "./frame-parser.ts";
import type { GuestStream, StreamEnd, StreamSink } from "./stream.ts";
import type { Channel } from "./wire.ts";

/** Bytes that one side sent together. */
export interface PipeChunk {
  readonly bytes: Uint8Array;
  readonly channel: Channel;
}

/** What a finished process left. */
export interface Collected {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly end: StreamEnd;
}

/** A writer is asked to wait while more than this is queued. */
const HIGH_WATER = 64 * 1024;

/**
 * A stream as a pipe of bytes, with back-pressure both ways: what is not read is not let into the page, and
 * {@link write} waits for the guest to take what was written before. Becomes the stream's sink.
 */
export class BytePipe implements StreamSink {
  readonly stream: GuestStream;
  readonly #chunks: PipeChunk[] = [];
  #over = false;
  #wakeReader: Deferred<void> | undefined;
  #wakeWriters: Deferred<void> | undefined;

  constructor(stream: GuestStream) {
    this.stream = stream;
    stream.attach(this);
  }

  data(bytes: Uint8Array, channel: Channel): void {
    this.#chunks.push({ bytes, channel });
    this.#wakeReader?.resolve();
  }

  ended(): void {
    this.#over = true;
    this.#wakeReader?.resolve();
  }

  sent(): void {
    if (this.stream.queued <= HIGH_WATER) this.#wakeWriters?.resolve();
  }

  closed(): void {
    this.ended();
    this.#wakeWriters?.resolve();
  }

  /** The next bytes; undefined when there will be no more. */
  async read(): Promise<PipeChunk | undefined> {
    while (this.#chunks.length === 0 && !this.#over) {
      this.#wakeReader = deferred();
      await this.#wakeReader.promise;
    }
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) this.stream.consumed(chunk.bytes.length);
    return chunk;
  }

  /** Queues bytes; resolves when it is time for more, or at once when the stream is over. */
  async write(bytes: Uint8Array): Promise<void> {
    this.stream.send(bytes);
    while (this.stream.queued > HIGH_WATER) {
      this.#wakeWriters ??= deferred();
      await this.#wakeWriters.promise;
      this.#wakeWriters = undefined;
    }
  }

  /** Sends EOF after what was written. */
  end(): void {
    this.stream.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<PipeChunk, void> {
    for (let chunk = await this.read(); chunk !== undefined; chunk = await this.read()) yield chunk;
  }
}

/** Reads `stream` to its end. */
export async function collect(stream: GuestStream): Promise<Collected> {
  const stdout: Uint8Array[] = [];
  const stderr: Uint8Array[] = [];
  for await (const { bytes, channel } of new BytePipe(stream)) (channel === 1 ? stderr : stdout).push(bytes);
  return { stdout: concat(stdout), stderr: concat(stderr), end: await stream.closed };
}
