import type { Relay, RelayEnd, Relays } from "../streams.ts";
import type { Descriptors, OpenStream } from "./descriptors.ts";

const FRAME_HEADER = 8;

/** Where the keys are found in input that comes in pieces. */
class KeyScan {
  readonly #keys: Uint8Array;
  #held: number[] = [];

  constructor(keys: Uint8Array) {
    this.#keys = keys;
  }

  /** What may be passed on, and whether the keys have come. */
  take(data: Uint8Array): { plain: Uint8Array; found: boolean } {
    const plain: number[] = [];
    for (const byte of data) {
      if (this.#keys.length > 0 && byte === this.#keys[this.#held.length]) {
        this.#held.push(byte);
        if (this.#held.length === this.#keys.length) return { plain: Uint8Array.from(plain), found: true };
        continue;
      }
      plain.push(...this.#held.splice(0));
      if (byte === this.#keys[0]) this.#held.push(byte);
      else plain.push(byte);
    }
    return { plain: Uint8Array.from(plain), found: false };
  }
}

/** Docker's frames, taken apart as they come. */
class FrameSplitter {
  #held = new Uint8Array();

  /** Whole payloads by stream. */
  take(data: Uint8Array): { stream: number; payload: Uint8Array }[] {
    this.#held = Uint8Array.from([...this.#held, ...data]);
    const frames: { stream: number; payload: Uint8Array }[] = [];
    while (this.#held.length >= FRAME_HEADER) {
      const length = new DataView(this.#held.buffer).getUint32(4);
      if (this.#held.length < FRAME_HEADER + length) break;
      const payload = this.#held.slice(FRAME_HEADER, FRAME_HEADER + length);
      frames.push({ stream: this.#held[0] ?? 0, payload });
      this.#held = this.#held.slice(FRAME_HEADER + length);
    }
    return frames;
  }
}

/** A copy under way. */
class FakeRelay implements Relay {
  readonly ended: Promise<RelayEnd>;
  #stopped = false;
  #paused = false;
  #waiting: (() => void)[] = [];

  constructor(source: OpenStream, target: OpenStream, errors: OpenStream | null, keys: KeyScan) {
    this.ended = this.#run(source, target, errors, keys);
  }

  stop(): void {
    this.#stopped = true;
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    if (!paused) for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async #run(
    source: OpenStream,
    target: OpenStream,
    errors: OpenStream | null,
    keys: KeyScan,
  ): Promise<RelayEnd> {
    const buffer = new Uint8Array(4096);
    const frames = new FrameSplitter();
    for (;;) {
      const length = await source.incoming.read(buffer);
      while (this.#paused) await new Promise<void>(resolve => this.#waiting.push(resolve));
      if (this.#stopped) return new Promise<never>(() => {});
      if (length === 0) return "end";
      const { plain, found } = keys.take(buffer.subarray(0, length));
      await pass(plain, target, errors, frames);
      if (found) return "detach";
    }
  }
}

/** Writes to the one target, or takes frames apart for two. */
async function pass(
  data: Uint8Array,
  target: OpenStream,
  errors: OpenStream | null,
  frames: FrameSplitter,
): Promise<void> {
  if (!errors) {
    await target.outgoing.write(data);
    return;
  }
  for (const { stream, payload } of frames.take(data))
    await (stream === 2 ? errors : target).outgoing.write(payload);
}

/** {@link Relays} between fake descriptors. */
export class FakeRelays implements Relays {
  readonly #descriptors: Descriptors;

  constructor(descriptors: Descriptors) {
    this.#descriptors = descriptors;
  }

  relay(from: number, to: number, options: { errors?: number; detachKeys?: Uint8Array } = {}): Relay {
    const stream = (fd: number): OpenStream => this.#descriptors.get(fd, "relay");
    const errors = options.errors === undefined ? null : stream(options.errors);
    return new FakeRelay(
      stream(from),
      stream(to),
      errors,
      new KeyScan(options.detachKeys ?? new Uint8Array()),
    );
  }
}
