import { decodeControl, encodeControl } from "./control-message.ts";
import { FrameParser } from "./frame-parser.ts";
import type { Port } from "./link.ts";
import { decodeText } from "./text.ts";
import { type Channel, FrameType, PROTOCOL_VERSION, encodeFrame, encodeU32, putHeader } from "./wire.ts";

/** Buffers that the guest's kernel posts on a raw port; a chunk that finds none is lost, as in v86. */
const PORT_BUFFERS = 16;

/** A frame that the page sent. */
export interface SeenFrame {
  readonly type: number;
  readonly stream: number;
  readonly payload: Uint8Array;
}

class FakePort implements Port {
  readonly waiting: Uint8Array[] = [];
  lost = 0;
  #callback: (chunk: Uint8Array) => void = () => undefined;

  send(chunk: Uint8Array): void {
    if (chunk.length > 4096 || chunk.length === 0) throw new RangeError(`a chunk of ${chunk.length} bytes`);
    if (this.waiting.length === PORT_BUFFERS) this.lost++;
    else this.waiting.push(chunk.slice());
  }

  onData(callback: (chunk: Uint8Array) => void): void {
    this.#callback = callback;
  }

  deliver(chunk: Uint8Array): void {
    this.#callback(chunk);
  }
}

/**
 * A guest without a machine, for tests: two ports that lose what overruns them, and an agent that does nothing
 * on its own. The test reads the page's frames with {@link takeFrames} and answers with {@link put}.
 */
export class FakeGuest {
  readonly data = new FakePort();
  readonly control = new FakePort();
  /** Every byte of DATA that the page sent, by stream. */
  readonly received = new Map<number, Uint8Array[]>();
  readonly #frames: SeenFrame[] = [];
  readonly #parser = new FrameParser({
    data: (stream, _channel, bytes) => this.#remember(stream, bytes),
    frame: (type, stream, payload) => this.#frames.push({ type, stream, payload }),
    malformed: what => {
      throw new Error(what);
    },
  });

  /** Says `hello-please`, as an agent does when it starts. */
  start(): void {
    this.control.deliver(encodeControl({ verb: "hello-please", fields: {} }));
  }

  /** Answers the last hello; returns its fields, or undefined when there was none. */
  answerHello(): Readonly<Record<string, string>> | undefined {
    const message = this.control.waiting.splice(0).pop();
    if (message === undefined) return undefined;
    const { fields } = decodeControl(message);
    this.#parser.reset();
    this.control.deliver(
      encodeControl({
        verb: "ready",
        fields: { epoch: fields["epoch"] ?? "", version: String(PROTOCOL_VERSION) },
      }),
    );
    return fields;
  }

  /** Reads at most `chunks` of what the page sent on port 1, and gives credit for them. */
  read(chunks: number): number {
    const read = this.data.waiting.splice(0, chunks);
    for (const chunk of read) this.#parser.push(chunk);
    if (read.length > 0) this.put(FrameType.credit, 0, encodeU32(read.length));
    return read.length;
  }

  /** The frames read since the last call, DATA excepted. */
  takeFrames(): SeenFrame[] {
    return this.#frames.splice(0);
  }

  /** The DATA of a stream as text. */
  receivedText(stream: number): string {
    return (this.received.get(stream) ?? []).map(bytes => decodeText(bytes)).join("");
  }

  /** Sends one frame to the page. */
  put(type: number, stream: number, payload?: Uint8Array): void {
    this.data.deliver(encodeFrame(type, stream, payload));
  }

  /** Sends DATA to the page. */
  putData(stream: number, bytes: Uint8Array, channel: Channel = 0): void {
    const frame = encodeFrame(FrameType.data, stream, bytes);
    putHeader(new DataView(frame.buffer), 0, FrameType.data, channel, stream, bytes.length);
    this.data.deliver(frame);
  }

  #remember(stream: number, bytes: Uint8Array): void {
    const pieces = this.received.get(stream) ?? [];
    pieces.push(bytes);
    this.received.set(stream, pieces);
  }
}
