import { describe, expect, it } from "vitest";
import { FrameParser, concat } from "./frame-parser.ts";
import { type Channel, FrameType, encodeFrame, putHeader } from "./wire.ts";

/** A small generator (mulberry32): the same splits in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function dataFrame(stream: number, channel: Channel, bytes: Uint8Array): Uint8Array {
  const frame = encodeFrame(FrameType.data, stream, bytes);
  putHeader(new DataView(frame.buffer), 0, FrameType.data, channel, stream, bytes.length);
  return frame;
}

class Recorder {
  readonly events: string[] = [];
  readonly parser = new FrameParser({
    data: (stream, channel, bytes) => {
      const last = this.events.at(-1) ?? "";
      const prefix = `data ${stream} ${channel} `;
      const text = Array.from(bytes, byte => String.fromCharCode(byte)).join("");
      if (last.startsWith(prefix)) this.events[this.events.length - 1] = last + text;
      else this.events.push(prefix + text);
    },
    frame: (type, stream, payload) => this.events.push(`frame ${type} ${stream} ${[...payload].join(",")}`),
    malformed: what => this.events.push(`malformed ${what}`),
  });
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, character => character.charCodeAt(0));

const SEQUENCE = concat([
  encodeFrame(FrameType.open, 1, ascii("unix\0/run/x\0")),
  dataFrame(1, 0, ascii("hello ")),
  dataFrame(1, 1, ascii("a".repeat(300))),
  encodeFrame(FrameType.eof, 1),
  encodeFrame(FrameType.eof, 65534),
  dataFrame(2, 0, ascii("")),
  encodeFrame(FrameType.exit, 1, Uint8Array.of(3, 9)),
]);

const EXPECTED = [
  `frame 1 1 ${[...ascii("unix\0/run/x\0")].join(",")}`,
  "data 1 0 hello ",
  `data 1 1 ${"a".repeat(300)}`,
  "frame 7 1 ",
  "frame 7 65534 ",
  "frame 8 1 3,9",
];

describe("FrameParser", () => {
  it("finds the same frames however the bytes are cut", () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = seeded(seed);
      const recorder = new Recorder();
      for (let offset = 0; offset < SEQUENCE.length; ) {
        const count = 1 + Math.floor(random() * (seed % 7 === 0 ? 2 : 40));
        recorder.parser.push(SEQUENCE.subarray(offset, offset + count));
        offset += count;
      }
      expect(recorder.events).toEqual(EXPECTED);
    }
  });

  it("does not copy DATA", () => {
    const frame = dataFrame(1, 0, ascii("bytes"));
    let seen: Uint8Array | undefined;
    const parser = new FrameParser({
      data: (_stream, _channel, bytes) => (seen = bytes),
      frame: () => undefined,
      malformed: () => undefined,
    });
    parser.push(frame);
    expect(seen?.buffer).toBe(frame.buffer);
  });

  it("stops at a length that cannot be, until it is reset", () => {
    const recorder = new Recorder();
    const bad = new Uint8Array(8);
    putHeader(new DataView(bad.buffer), 0, FrameType.window, 0, 1, 1 << 20);
    recorder.parser.push(concat([bad, SEQUENCE]));
    recorder.parser.push(SEQUENCE);
    expect(recorder.events).toEqual(["malformed a frame of type 4 with 1048576 bytes"]);
    recorder.parser.reset();
    recorder.parser.push(SEQUENCE);
    expect(recorder.events.slice(1)).toEqual(EXPECTED);
  });
});
