import type { LinkError } from "../protocol/link-error.ts";
import { SinkBuffer } from "../protocol/sink-buffer.ts";
import type { GuestStream, StreamEnd, StreamSink } from "../protocol/stream.ts";
import { deferred } from "../protocol/deferred.ts";
import { decodeText } from "../protocol/text.ts";

/** A connection to a server that a test plays; what is sent leaves at once. */
export class FakeConnection implements GuestStream {
  readonly opened = Promise.resolve(0);
  readonly closed: Promise<StreamEnd>;
  readonly queued = 0;
  /** All that was sent to the server. */
  sent = "";
  /** Bytes that the receiver is done with. */
  taken = 0;
  readonly #sink = new SinkBuffer();
  readonly #close = deferred<StreamEnd>();
  #pageEnded = false;
  #guestEnded = false;

  constructor() {
    this.closed = this.#close.promise;
  }

  attach(sink: StreamSink): void {
    this.#sink.attach(sink);
  }

  send(bytes: Uint8Array): void {
    this.sent += decodeText(bytes);
  }

  end(): void {
    this.#pageEnded = true;
    this.#finishIfBothEnded();
  }

  consumed(bytes: number): void {
    this.taken += bytes;
  }

  resize(): void {
    throw new Error("a connection has no size");
  }

  signal(): void {
    throw new Error("a connection takes no signals");
  }

  reset(error: LinkError): void {
    this.#finish({ how: "reset", error });
  }

  /** The server sends bytes. */
  say(bytes: Uint8Array): void {
    this.#sink.data(bytes, 0);
  }

  /** The server sends nothing more. */
  endFromGuest(): void {
    this.#guestEnded = true;
    this.#sink.ended();
    this.#finishIfBothEnded();
  }

  #finishIfBothEnded(): void {
    if (this.#pageEnded && this.#guestEnded) this.#finish({ how: "finished" });
  }

  #finish(end: StreamEnd): void {
    this.#sink.closed(end);
    this.#close.resolve(end);
  }
}
