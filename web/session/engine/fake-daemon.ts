import { deferred } from "../../protocol/deferred.ts";
import { LinkError } from "../../protocol/link-error.ts";
import type { OpenRequest } from "../../protocol/open-request.ts";
import { SinkBuffer } from "../../protocol/sink-buffer.ts";
import type { GuestStream, StreamEnd, StreamSink } from "../../protocol/stream.ts";
import { decodeText, encodeText } from "../../protocol/text.ts";

/** For tests: the daemon's end of a connection, which says what the test says. */
export class FakeConnection implements GuestStream {
  readonly opened: Promise<number>;
  readonly closed: Promise<StreamEnd>;
  readonly queued = 0;
  /** What the client has sent. */
  request = "";
  /** How the client ended it; undefined while it has not. */
  hungUp: string | undefined;
  readonly #sink = new SinkBuffer();
  readonly #opened = deferred<number>();
  readonly #closed = deferred<StreamEnd>();
  #over = false;

  constructor(refused?: LinkError) {
    this.opened = this.#opened.promise;
    this.closed = this.#closed.promise;
    this.opened.catch(() => undefined);
    if (refused === undefined) this.#opened.resolve(0);
    else this.break(refused);
  }

  attach(sink: StreamSink): void {
    this.#sink.attach(sink);
  }

  send(bytes: Uint8Array): void {
    this.request += decodeText(bytes);
  }

  end(): void {}
  consumed(): void {}
  resize(): void {}
  signal(): void {}

  reset(error: LinkError): void {
    if (this.#over) return;
    this.hungUp = error.code;
    this.#finish({ how: "reset", error });
  }

  /** Says something, each piece as a chunk of its own. */
  say(...pieces: readonly string[]): void {
    for (const piece of pieces) this.#sink.data(encodeText(piece), 0);
  }

  /** A whole answer. */
  answer(status: number, value?: unknown): void {
    const body = value === undefined ? "" : `${JSON.stringify(value)}\n`;
    const type = "Content-Type: application/json\r\n";
    this.say(`HTTP/1.1 ${status} X\r\n${type}Content-Length: ${encodeText(body).length}\r\n\r\n${body}`);
  }

  /** The daemon closes the connection in an orderly way. */
  finish(): void {
    this.#sink.ended();
    this.#finish({ how: "finished" });
  }

  /** The connection breaks. */
  break(error: LinkError): void {
    this.#opened.reject(error);
    this.#finish({ how: "reset", error });
  }

  #finish(end: StreamEnd): void {
    if (this.#over) return;
    this.#over = true;
    this.#sink.closed(end);
    this.#closed.resolve(end);
  }
}

/** For tests: a machine with a daemon, whose connections are answered by the test. */
export class FakeDaemon {
  readonly connections: FakeConnection[] = [];
  readonly requests: OpenRequest[] = [];
  /** Whether it takes connections. */
  up = true;

  open(request: OpenRequest): GuestStream {
    const refused = this.up ? undefined : new LinkError("ECONNREFUSED", "nobody listens");
    const connection = new FakeConnection(refused);
    this.requests.push(request);
    this.connections.push(connection);
    return connection;
  }
}
