import { deferred } from "../protocol/deferred.ts";
import { LinkError } from "../protocol/link-error.ts";
import { SinkBuffer } from "../protocol/sink-buffer.ts";
import type { GuestStream, StreamEnd, StreamSink } from "../protocol/stream.ts";
import type { Channel } from "../protocol/wire.ts";

/** The part of a MessagePort that we use: a browser's and Node's have it. */
export interface StreamPort {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
  start(): void;
  close(): void;
}

/** An error as it crosses the worker's boundary, where classes are lost. */
interface PlainError {
  readonly code: string;
  readonly message: string;
}

type PlainEnd = Exclude<StreamEnd, { how: "reset" }> | { readonly how: "reset"; readonly error: PlainError };

/** From the side that uses the stream to the side that has it. */
type ToStream =
  | { readonly type: "data"; readonly bytes: Uint8Array }
  | { readonly type: "consumed"; readonly bytes: number }
  | { readonly type: "end" }
  | { readonly type: "resize"; readonly rows: number; readonly columns: number }
  | { readonly type: "signal"; readonly number: number }
  | { readonly type: "reset"; readonly error: PlainError };

/** And back. */
type FromStream =
  | { readonly type: "opened"; readonly pid: number }
  | { readonly type: "data"; readonly bytes: Uint8Array; readonly channel: Channel }
  | { readonly type: "sent"; readonly bytes: number }
  | { readonly type: "ended" }
  | { readonly type: "closed"; readonly end: PlainEnd };

function plain({ code, message }: LinkError): PlainError {
  return { code, message };
}

function revived({ code, message }: PlainError): LinkError {
  return new LinkError(code, message);
}

/** A copy that can be handed over: the bytes are usually part of a larger buffer. */
function post(port: StreamPort, message: (ToStream | FromStream) & { type: "data" }): void {
  const bytes = message.bytes.slice();
  port.postMessage({ ...message, bytes }, [bytes.buffer]);
}

/** Serves `stream` to the {@link PortStream} at the other end of `port`. Becomes the stream's sink. */
export function serveStream(stream: GuestStream, port: StreamPort): void {
  const say = (message: Exclude<FromStream, { type: "data" }>): void => port.postMessage(message, []);
  port.addEventListener("message", (event: MessageEvent<ToStream>) => obey(stream, event.data));
  port.start();
  stream.attach({
    opened: pid => say({ type: "opened", pid }),
    data: (bytes, channel) => post(port, { type: "data", bytes, channel }),
    ended: () => say({ type: "ended" }),
    sent: bytes => say({ type: "sent", bytes }),
    closed: end => {
      say({ type: "closed", end: end.how === "reset" ? { how: "reset", error: plain(end.error) } : end });
    },
  });
}

function obey(stream: GuestStream, message: ToStream): void {
  switch (message.type) {
    case "data":
      stream.send(message.bytes);
      break;
    case "consumed":
      stream.consumed(message.bytes);
      break;
    case "end":
      stream.end();
      break;
    case "resize":
      stream.resize(message.rows, message.columns);
      break;
    case "signal":
      stream.signal(message.number);
      break;
    case "reset":
      stream.reset(revived(message.error));
      break;
  }
}

/** A stream whose link is on the other side of a MessagePort, with the same back-pressure. */
export class PortStream implements GuestStream {
  readonly opened: Promise<number>;
  readonly closed: Promise<StreamEnd>;
  readonly #port: StreamPort;
  readonly #sink = new SinkBuffer();
  readonly #open = deferred<number>();
  readonly #close = deferred<StreamEnd>();
  #queued = 0;
  #over = false;
  #ended = false;

  constructor(port: StreamPort) {
    this.#port = port;
    this.opened = this.#open.promise;
    this.closed = this.#close.promise;
    this.opened.catch(() => undefined);
    port.addEventListener("message", (event: MessageEvent<FromStream>) => this.#take(event.data));
    port.start();
  }

  get queued(): number {
    return this.#queued;
  }

  attach(sink: StreamSink): void {
    this.#sink.attach(sink);
  }

  send(bytes: Uint8Array): void {
    if (this.#over || this.#ended || bytes.length === 0) return;
    this.#queued += bytes.length;
    post(this.#port, { type: "data", bytes });
  }

  end(): void {
    this.#ended = true;
    this.#say({ type: "end" });
  }

  consumed(bytes: number): void {
    this.#say({ type: "consumed", bytes });
  }

  resize(rows: number, columns: number): void {
    this.#say({ type: "resize", rows, columns });
  }

  signal(number: number): void {
    this.#say({ type: "signal", number });
  }

  reset(error: LinkError): void {
    this.#say({ type: "reset", error: plain(error) });
    this.#finish({ how: "reset", error });
  }

  #say(message: Exclude<ToStream, { type: "data" }>): void {
    if (!this.#over) this.#port.postMessage(message, []);
  }

  #take(message: FromStream): void {
    if (message.type === "closed") this.#port.close(); // the last word, whoever had it
    if (this.#over) return;
    switch (message.type) {
      case "opened":
        this.#open.resolve(message.pid);
        this.#sink.opened(message.pid);
        break;
      case "data":
        this.#sink.data(message.bytes, message.channel);
        break;
      case "sent":
        this.#queued -= message.bytes;
        this.#sink.sent(message.bytes);
        break;
      case "ended":
        this.#sink.ended();
        break;
      case "closed": {
        const { end } = message;
        this.#finish(end.how === "reset" ? { how: "reset", error: revived(end.error) } : end);
        break;
      }
    }
  }

  #finish(end: StreamEnd): void {
    if (this.#over) return;
    this.#over = true;
    this.#queued = 0;
    if (end.how === "reset") this.#open.reject(end.error);
    this.#sink.closed(end);
    this.#close.resolve(end);
  }
}
