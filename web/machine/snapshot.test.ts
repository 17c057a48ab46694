import { describe, expect, it } from "vitest";
import { type SnapshotFacts, decodeSnapshot, encodeSnapshot, gzip, unpackState } from "./snapshot.ts";

const STATE = Uint8Array.from({ length: 5000 }, (_, index) => index % 7);
const FACTS: SnapshotFacts = {
  v86: "0.5.462",
  memory: 512,
  base: "abc",
  compression: "none",
  size: STATE.length,
};

describe("snapshot", () => {
  it("gives back the state, packed or not", async () => {
    const packed = encodeSnapshot({ ...FACTS, compression: "gzip" }, await gzip(STATE));
    expect(packed.length).toBeLessThan(1000);
    for (const file of [packed, encodeSnapshot(FACTS, STATE)]) {
      const snapshot = decodeSnapshot(file, "0.5.462");
      expect(snapshot.header).toMatchObject({ memory: 512, base: "abc", size: 5000 });
      expect(new Uint8Array(await unpackState(snapshot))).toEqual(STATE);
    }
  });

  it("says which version it is for", () => {
    expect(() => decodeSnapshot(encodeSnapshot(FACTS, STATE), "0.6.1")).toThrow(
      expect.objectContaining({
        kind: "mismatch",
        message: "the machine was saved by v86 0.5.462, this page runs v86 0.6.1",
      }),
    );
  });

  it.each([
    ["empty", new Uint8Array(0)],
    ["of another kind", new TextEncoder().encode('{"format":"other","memory":1}\n')],
    ["without a header's end", new TextEncoder().encode("x".repeat(9000))],
    ["without memory", new TextEncoder().encode('{"format":"drydock-machine","version":1,"memory":"all"}\n')],
  ])("refuses a file that is %s", (_what, file) => {
    expect(() => decodeSnapshot(file, "0.5.462")).toThrow(
      expect.objectContaining({ kind: "mismatch", message: "the file is not a saved machine" }),
    );
  });

  it("notices damage", async () => {
    const file = encodeSnapshot({ ...FACTS, compression: "gzip" }, await gzip(STATE));
    const short = decodeSnapshot(file.slice(0, -20), "0.5.462");
    await expect(unpackState(short)).rejects.toMatchObject({
      kind: "mismatch",
      message: "the saved machine is damaged",
    });
    const wrong = decodeSnapshot(
      encodeSnapshot({ ...FACTS, size: 1, compression: "gzip" }, await gzip(STATE)),
      "0.5.462",
    );
    await expect(unpackState(wrong)).rejects.toMatchObject({
      message: "the saved machine has 5000 of 1 bytes",
    });
  });
});
