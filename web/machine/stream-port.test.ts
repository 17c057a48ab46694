import { describe, expect, it } from "vitest";
import { BytePipe, collect } from "../protocol/byte-pipe.ts";
import { deferred } from "../protocol/deferred.ts";
import { LinkError } from "../protocol/link-error.ts";
import { SinkBuffer } from "../protocol/sink-buffer.ts";
import type { GuestStream, StreamEnd, StreamSink } from "../protocol/stream.ts";
import { decodeText, encodeText } from "../protocol/text.ts";
import { PortStream, serveStream } from "./stream-port.ts";

/** A stream that records what is done to it; the test plays its guest. */
class RecordingStream implements GuestStream {
  readonly calls: string[] = [];
  readonly sink = new SinkBuffer();
  readonly #open = deferred<number>();
  readonly #close = deferred<StreamEnd>();
  readonly opened = this.#open.promise;
  readonly closed = this.#close.promise;
  readonly #next: (() => void)[] = [];
  queued = 0;

  constructor() {
    this.opened.catch(() => undefined);
  }

  attach(sink: StreamSink): void {
    this.sink.attach(sink);
  }

  send(bytes: Uint8Array): void {
    this.#note(`send ${decodeText(bytes)}`);
  }

  end(): void {
    this.#note("end");
  }

  consumed(bytes: number): void {
    this.#note(`consumed ${bytes}`);
  }

  resize(rows: number, columns: number): void {
    this.#note(`resize ${rows} ${columns}`);
  }

  signal(number: number): void {
    this.#note(`signal ${number}`);
  }

  reset(error: LinkError): void {
    this.#note(`reset ${error.code} ${error.message}`);
    this.finish({ how: "reset", error });
  }

  open(pid: number): void {
    this.#open.resolve(pid);
    this.sink.opened(pid);
  }

  finish(end: StreamEnd): void {
    if (end.how === "reset") this.#open.reject(end.error);
    this.sink.closed(end);
    this.#close.resolve(end);
  }

  /** Resolves when `count` calls were recorded. */
  async until(count: number): Promise<readonly string[]> {
    while (this.calls.length < count) await new Promise<void>(resolve => this.#next.push(resolve));
    return this.calls;
  }

  #note(call: string): void {
    this.calls.push(call);
    for (const wake of this.#next.splice(0)) wake();
  }
}

function pair(): { near: RecordingStream; far: PortStream } {
  const { port1, port2 } = new MessageChannel();
  const near = new RecordingStream();
  serveStream(near, port1);
  return { near, far: new PortStream(port2) };
}

describe("a stream across a MessagePort", () => {
  it("carries calls to the stream in their order", async () => {
    const { near, far } = pair();
    far.send(encodeText("ls"));
    far.resize(40, 120);
    far.signal(2);
    far.consumed(77);
    far.end();
    far.send(encodeText("ignored after the end"));
    expect(await near.until(5)).toEqual(["send ls", "resize 40 120", "signal 2", "consumed 77", "end"]);
    near.finish({ how: "finished" });
    await far.closed;
  });

  it("carries output, channels, the process id and the exit", async () => {
    const { near, far } = pair();
    near.open(42);
    near.sink.data(encodeText("out"), 0);
    near.sink.data(encodeText("err"), 1);
    near.sink.ended();
    near.finish({ how: "exit", code: 3, signal: 0 });
    const { stdout, stderr, end } = await collect(far);
    expect([await far.opened, decodeText(stdout), decodeText(stderr), end]).toEqual([
      42,
      "out",
      "err",
      { how: "exit", code: 3, signal: 0 },
    ]);
  });

  it("hands over only the bytes themselves, not the buffer around them", async () => {
    const { near, far } = pair();
    const buffer = encodeText("before|these|after");
    near.sink.data(buffer.subarray(7, 12), 0);
    const chunk = await new BytePipe(far).read();
    expect([decodeText(chunk?.bytes ?? buffer), chunk?.bytes.buffer.byteLength]).toEqual(["these", 5]);
    near.finish({ how: "finished" });
    await far.closed;
  });

  it("counts as queued what has not left the link", async () => {
    const { near, far } = pair();
    const left: number[] = [];
    const news = deferred<void>();
    far.attach({
      data: () => undefined,
      sent: bytes => {
        left.push(bytes);
        news.resolve();
      },
      closed: () => undefined,
    });
    far.send(encodeText("12345678"));
    expect(far.queued).toBe(8);
    await near.until(1);
    expect(far.queued).toBe(8);
    near.sink.sent(5);
    await news.promise;
    expect([left, far.queued]).toEqual([[5], 3]);
    near.finish({ how: "finished" });
    await far.closed;
  });

  it("keeps the code of what went wrong, both ways", async () => {
    const refused = pair();
    refused.near.finish({ how: "reset", error: new LinkError("ECONNREFUSED", "connect") });
    await expect(refused.far.opened).rejects.toMatchObject({ code: "ECONNREFUSED", message: "connect" });
    const given = pair();
    given.far.reset(new LinkError("ECANCELED", "not needed"));
    expect(await given.near.until(1)).toEqual(["reset ECANCELED not needed"]);
    expect(await given.far.closed).toMatchObject({ how: "reset", error: { code: "ECANCELED" } });
  });
});
