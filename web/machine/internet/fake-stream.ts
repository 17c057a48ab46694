import { deferred } from "../../protocol/deferred.ts";
import { concat } from "../../protocol/frame-parser.ts";
import type { LinkError } from "../../protocol/link-error.ts";
import type { GuestStream, StreamEnd, StreamSink } from "../../protocol/stream.ts";
import { decodeText } from "../../protocol/text.ts";

/** A stream whose guest is a test: says what it is told at once, and keeps what it is sent. */
export class FakeStream implements GuestStream {
  readonly opened = Promise.resolve(0);
  readonly closed: Promise<StreamEnd>;
  readonly queued = 0;
  readonly #says: readonly Uint8Array[];
  readonly #heard: Uint8Array[] = [];
  readonly #over = deferred<StreamEnd>();

  constructor(says: readonly Uint8Array[]) {
    this.#says = says;
    this.closed = this.#over.promise;
  }

  /** What it was sent until its end. */
  async bytes(): Promise<Uint8Array> {
    const end = await this.closed;
    if (end.how === "reset") throw end.error;
    return concat(this.#heard);
  }

  async text(): Promise<string> {
    return decodeText(await this.bytes());
  }

  attach(sink: StreamSink): void {
    for (const bytes of this.#says) sink.data(bytes, 0);
    sink.ended?.();
  }

  send(bytes: Uint8Array): void {
    this.#heard.push(bytes);
  }

  end(): void {
    this.#over.resolve({ how: "finished" });
  }

  consumed(): void {}

  resize(): void {}

  signal(): void {}

  reset(error: LinkError): void {
    this.#over.resolve({ how: "reset", error });
  }
}
