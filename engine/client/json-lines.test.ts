import { expect, test } from "vitest";
import type { Bytes } from "../sys/bytes.ts";
import { jsonLines } from "./json-lines.ts";

const decoder = new TextDecoder();
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the only method that is used
const bytes = {
  decode: (data: Uint8Array, start = 0, end = data.length) => decoder.decode(data.subarray(start, end)),
} as Bytes;

async function read(pieces: readonly Uint8Array[]): Promise<unknown[]> {
  const left = [...pieces];
  const values: unknown[] = [];
  for await (const value of jsonLines({ read: async () => left.shift() ?? null }, bytes)) values.push(value);
  return values;
}

test("values come whole, however the pieces are cut", async () => {
  const data = new TextEncoder().encode('{"a":"ä"}\r\n{"b":2}\n\n{"c":3}');
  for (let size = 1; size <= data.length; size++) {
    const pieces = [];
    for (let at = 0; at < data.length; at += size) pieces.push(data.slice(at, at + size));
    expect(await read(pieces)).toEqual([{ a: "ä" }, { b: 2 }, { c: 3 }]);
  }
});

test("an empty body has no values", async () => {
  expect(await read([])).toEqual([]);
});
