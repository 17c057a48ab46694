import { type Deferred, deferred } from "./deferred.ts";
import { LinkError } from "./link-error.ts";
import type { ChunkRoom, ChunkSource, Outbox } from "./outbox.ts";
import { SendQueue } from "./send-queue.ts";
import { SinkBuffer } from "./sink-buffer.ts";
import type { GuestStream, StreamEnd, StreamSink } from "./stream.ts";
import { decodeText, encodeText } from "./text.ts";
import { type Channel, FrameType, WINDOW_TO_PAGE, decodeU32, encodeFrame, encodeU32 } from "./wire.ts";

/** Smaller grants would cost the guest a wake-up each. */
const GRANT_FROM = WINDOW_TO_PAGE / 4;

/** What a stream needs of the link it belongs to. */
export interface StreamOwner {
  readonly outbox: Outbox;
  /** Both sides have seen the stream's end: its number is free again. */
  release(stream: LinkStream): void;
}

/** What a stream is: who chose its number, and whether it ends by EXIT or by EOF both ways. */
export interface StreamNature {
  readonly number: number;
  readonly openedBy: "page" | "guest";
  readonly process: boolean;
}

/** A stream at the page's end of the link. */
export class LinkStream implements GuestStream, ChunkSource {
  readonly nature: StreamNature;
  readonly #owner: StreamOwner;
  readonly #queue: SendQueue;
  readonly #sink = new SinkBuffer();
  readonly #opened: Deferred<number> = deferred();
  readonly #closed: Deferred<StreamEnd> = deferred();
  /** Bytes that the guest may still send. */
  #window = WINDOW_TO_PAGE;
  #ungranted = 0;
  #guestEnded = false;
  #pageEnded = false;
  #over = false;

  constructor(owner: StreamOwner, nature: StreamNature) {
    this.#owner = owner;
    this.nature = nature;
    this.#queue = new SendQueue(nature.number);
    // Whoever does not ask whether it opened learns of a failure by `closed`.
    this.opened.catch(() => undefined);
    if (nature.openedBy === "guest") this.#takeOpened(0);
  }

  get opened(): Promise<number> {
    return this.#opened.promise;
  }

  get closed(): Promise<StreamEnd> {
    return this.#closed.promise;
  }

  /** Whether it has ended for the page; the guest may not know yet. */
  get over(): boolean {
    return this.#over;
  }

  get queued(): number {
    return this.#queue.bytes;
  }

  attach(sink: StreamSink): void {
    this.#sink.attach(sink);
  }

  send(bytes: Uint8Array): void {
    if (this.#queue.push(bytes)) this.#owner.outbox.wake(this);
  }

  end(): void {
    this.#queue.end();
    if (this.#queue.sendable) this.#owner.outbox.wake(this);
  }

  consumed(bytes: number): void {
    this.#ungranted += bytes;
    if (this.#ungranted < GRANT_FROM || this.#guestEnded) return;
    this.#put(FrameType.window, encodeU32(this.#ungranted));
    this.#window += this.#ungranted;
    this.#ungranted = 0;
  }

  resize(rows: number, columns: number): void {
    const payload = new Uint8Array(4);
    const view = new DataView(payload.buffer);
    view.setUint16(0, rows, true);
    view.setUint16(2, columns, true);
    this.#put(FrameType.resize, payload);
  }

  signal(number: number): void {
    this.#put(FrameType.signal, Uint8Array.of(number));
  }

  reset(error: LinkError): void {
    this.#put(FrameType.reset, encodeText(`${error.code}: ${error.message}`));
    this.#finish({ how: "reset", error });
    if (this.nature.openedBy === "guest") this.#owner.release(this);
  }

  /** For the outbox: writes what the guest's window allows. */
  fill(chunk: ChunkRoom): boolean {
    if (this.#over) return false;
    const sent = this.#queue.fill(chunk);
    if (sent > 0) this.#sink.sent(sent);
    this.#pageEnded ||= this.#queue.endSent;
    this.#finishIfBothEnded();
    return this.#queue.sendable;
  }

  /** For the link: what the guest sent on this stream. */
  takeData(channel: Channel, bytes: Uint8Array): void {
    if (this.#over) return;
    this.#window -= bytes.length;
    if (this.#window < 0) this.reset(new LinkError("EPROTO", "the guest sent more than its window"));
    else this.#sink.data(bytes, channel);
  }

  /** For the link: any frame of the guest's but DATA. */
  takeFrame(type: number, payload: Uint8Array): void {
    switch (type) {
      case FrameType.opened:
        this.#takeOpened(decodeU32(payload));
        break;
      case FrameType.window:
        this.#queue.grant(decodeU32(payload));
        if (this.#queue.sendable) this.#owner.outbox.wake(this);
        break;
      case FrameType.eof:
        this.#takeEnd();
        break;
      case FrameType.exit:
        this.#finish({ how: "exit", code: payload[0] ?? 0, signal: payload[1] ?? 0 });
        this.#owner.release(this);
        break;
      case FrameType.reset:
        this.#takeReset(payload);
        break;
    }
  }

  /** For the link: the guest has forgotten every stream. */
  drop(error: LinkError): void {
    this.#finish({ how: "reset", error });
  }

  #takeOpened(pid: number): void {
    if (this.#over) return;
    this.#opened.resolve(pid);
    this.#sink.opened(pid);
  }

  #takeEnd(): void {
    this.#guestEnded = true;
    if (!this.#over) this.#sink.ended();
    this.#finishIfBothEnded();
  }

  #takeReset(payload: Uint8Array): void {
    // The guest keeps the numbers that it chose until it has our answer.
    if (!this.#over && this.nature.openedBy === "guest") this.#put(FrameType.reset);
    this.#finish({ how: "reset", error: LinkError.fromReason(decodeText(payload)) });
    this.#owner.release(this);
  }

  #finishIfBothEnded(): void {
    if (this.nature.process || !this.#guestEnded || !this.#pageEnded) return;
    this.#finish({ how: "finished" });
    this.#owner.release(this);
  }

  #finish(end: StreamEnd): void {
    if (this.#over) return;
    this.#over = true;
    this.#queue.clear();
    if (end.how === "reset") this.#opened.reject(end.error);
    this.#sink.closed(end);
    this.#closed.resolve(end);
  }

  #put(type: number, payload?: Uint8Array): void {
    if (!this.#over) this.#owner.outbox.put(encodeFrame(type, this.nature.number, payload));
  }
}
