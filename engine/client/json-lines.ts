import type { Bytes } from "../sys/bytes.ts";
import type { Body } from "../sys/http/reader.ts";

const NEWLINE = 10;

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length === 0) return right;
  const whole = new Uint8Array(left.length + right.length);
  whole.set(left);
  whole.set(right, left.length);
  return whole;
}

/** The JSON values of a body that has one on each line, as they come. */
export async function* jsonLines<T>(body: Body, bytes: Bytes): AsyncGenerator<T> {
  for await (const line of bodyLines(body, bytes)) {
    const value: T = JSON.parse(line);
    yield value;
  }
}

/** The lines of a body that are not empty, as they come. */
export async function* bodyLines(body: Body, bytes: Bytes): AsyncGenerator<string> {
  let rest: Uint8Array = new Uint8Array();
  for (let piece = await body.read(); piece; piece = await body.read()) {
    const whole = joined(rest, piece);
    const end = whole.lastIndexOf(NEWLINE) + 1;
    const text = bytes.decode(whole, 0, end);
    rest = whole.slice(end); // a copy: the piece is valid until the next read only
    for (const line of text.split("\n")) {
      if (line.trim() !== "") yield line;
    }
  }
  const last = bytes.decode(rest).trim();
  if (last !== "") yield last;
}
