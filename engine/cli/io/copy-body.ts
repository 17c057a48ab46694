/** Prints the body of an answer that is a container's output. */
import { EngineError } from "../../base/errors.ts";
import type { Body } from "../../sys/http/reader.ts";
import type { TextOutput } from "./output.ts";

/** Where output goes. */
interface Outputs {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
}

const HEADER_LENGTH = 8;

/** All of it to stdout. */
export async function copyPlain(body: Body, { stdout }: Outputs): Promise<void> {
  for (let piece = await body.read(); piece; piece = await body.read()) await stdout.writeBytes(piece);
}

/** Frames of Docker's multiplexed streams (Engine API, "Attach to a container"), each to its own output. */
export async function copyFrames(body: Body, outputs: Outputs): Promise<void> {
  const frames = new FrameReader(outputs);
  for (let piece = await body.read(); piece; piece = await body.read()) await frames.take(piece);
}

/** Takes frames apart, however they are cut into pieces. */
class FrameReader {
  readonly #outputs: Outputs;
  readonly #header = new Uint8Array(HEADER_LENGTH);
  #headerLength = 0;
  #left = 0;
  #target: TextOutput;

  constructor(outputs: Outputs) {
    this.#outputs = outputs;
    this.#target = outputs.stdout;
  }

  async take(piece: Uint8Array): Promise<void> {
    for (let at = 0; at < piece.length; ) {
      if (this.#left === 0) {
        at += this.#takeHeader(piece, at);
        continue;
      }
      const end = Math.min(piece.length, at + this.#left);
      await this.#target.writeBytes(piece.subarray(at, end));
      this.#left -= end - at;
      at = end;
    }
  }

  /** Returns how many bytes it has taken. */
  #takeHeader(piece: Uint8Array, start: number): number {
    const length = Math.min(HEADER_LENGTH - this.#headerLength, piece.length - start);
    this.#header.set(piece.subarray(start, start + length), this.#headerLength);
    this.#headerLength += length;
    if (this.#headerLength < HEADER_LENGTH) return length;
    const [stream = 0] = this.#header;
    if (stream > 2) throw new EngineError("system", `Unrecognized input header: ${stream}`);
    this.#target = stream === 2 ? this.#outputs.stderr : this.#outputs.stdout;
    this.#left = new DataView(this.#header.buffer).getUint32(4);
    this.#headerLength = 0;
    return length;
  }
}
