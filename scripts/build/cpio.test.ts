import { describe, expect, it } from "vitest";
import { type CpioEntry, writeCpio } from "./cpio.ts";

/** One header of the archive as numbers, with the name and body that follow it. */
interface Read {
  readonly fields: readonly number[];
  readonly name: string;
  readonly body: string;
}

function readCpio(archive: Uint8Array): Read[] {
  const text = Buffer.from(archive).toString("latin1");
  const entries: Read[] = [];
  let offset = 0;
  while (offset < text.length) {
    expect(text.slice(offset, offset + 6)).toBe("070701");
    const at = (index: number) =>
      Number.parseInt(text.slice(offset + 6 + index * 8, offset + 14 + index * 8), 16);
    const fields = Array.from({ length: 13 }, (_, index) => at(index));
    const [nameLength = 0, bodyLength = 0] = [fields[11], fields[6]];
    const body = Math.ceil((offset + 110 + nameLength) / 4) * 4;
    entries.push({
      fields,
      name: text.slice(offset + 110, offset + 110 + nameLength - 1),
      body: text.slice(body, body + bodyLength),
    });
    offset = Math.ceil((body + bodyLength) / 4) * 4;
  }
  return entries;
}

const ENTRIES: CpioEntry[] = [
  { kind: "directory", path: "etc", mode: 0o755 },
  { kind: "file", path: "etc/motd", mode: 0o644, bytes: Buffer.from("hello"), uid: 3, gid: 4 },
  { kind: "symlink", path: "etc/mtab", mode: 0o777, target: "../proc/self/mounts" },
  { kind: "character", path: "dev/console", mode: 0o600, major: 5, minor: 1 },
];

describe("writeCpio", () => {
  it("writes what the kernel reads", () => {
    const entries = readCpio(writeCpio(ENTRIES));
    expect(entries.map(({ name, body }) => [name, body])).toEqual([
      ["etc", ""],
      ["etc/motd", "hello"],
      ["etc/mtab", "../proc/self/mounts"],
      ["dev/console", ""],
      ["TRAILER!!!", ""],
    ]);
    expect(entries.map(({ fields }) => fields[1]?.toString(8))).toEqual([
      "40755",
      "100644",
      "120777",
      "20600",
      "0",
    ]);
    expect(entries[1]?.fields.slice(2, 4)).toEqual([3, 4]);
    expect(entries[3]?.fields.slice(9, 11)).toEqual([5, 1]);
  });

  it("gives every entry a number of its own, so that the kernel sees no hard links", () => {
    const numbers = readCpio(writeCpio(ENTRIES)).map(({ fields }) => fields[0]);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});
