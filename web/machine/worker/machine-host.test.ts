import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { MachineFailure } from "../machine.ts";
import { type SnapshotFacts, encodeSnapshot } from "../snapshot.ts";
import { MachineHost } from "./machine-host.ts";
import { V86_VERSION } from "./v86.ts";

const identity = { hostname: "node1", node: 1 };
const FACTS: SnapshotFacts = { v86: V86_VERSION, memory: 32, base: "", compression: "none", size: 64 };
/** WebAssembly's magic bytes, and a version that nobody knows. */
const UNKNOWN_WASM = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x99, 0, 0, 0);
const GARBAGE = new Uint8Array(64).fill(7);

function wasm(): { bytes: ArrayBuffer } {
  const file = readFileSync(join(createRequire(import.meta.url).resolve("v86"), "..", "v86.wasm"));
  return { bytes: file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) };
}

let host: MachineHost;
let states: string[];
let failure: MachineFailure | undefined;

beforeEach(() => {
  host = new MachineHost();
  states = [];
  failure = undefined;
  host.observe({
    state: (state, why) => {
      states.push(state);
      failure ??= why;
    },
  });
});

describe("a machine that cannot start", () => {
  it.each([
    ["missing", "wasm that is none", { bytes: new ArrayBuffer(8) }, FACTS],
    ["unsupported", "wasm of another age", { bytes: UNKNOWN_WASM.buffer }, FACTS],
    ["memory", "more memory than there can be", undefined, { ...FACTS, memory: 1 << 20 }],
    ["mismatch", "another v86", undefined, { ...FACTS, v86: "0.1.0" }],
    ["mismatch", "a state that is none", undefined, FACTS],
  ])("fails with %s for %s, and can be started again", async (kind, _what, module, facts) => {
    const snapshot = { bytes: encodeSnapshot(facts, GARBAGE).buffer };
    const starting = host.restore({ identity, wasm: module ?? wasm(), snapshot });
    await expect(starting).rejects.toMatchObject({ name: "MachineError", kind });
    expect([host.state, states.at(-1), failure?.kind]).toEqual(["failed", "failed", kind]);
    await host.destroy();
    expect(host.state).toBe("off");
    await expect(host.restore({ identity, wasm: { bytes: new ArrayBuffer(1) }, snapshot })).rejects.toThrow();
  });

  it("names the file that could not be fetched", async () => {
    const missing = { url: "data:text/plain;base64,not base64!", size: 1 };
    await expect(host.restore({ identity, wasm: wasm(), snapshot: missing })).rejects.toMatchObject({
      kind: "download",
      message: expect.stringMatching(/^machine could not be fetched: /),
    });
  });
});

describe("a machine that is off", () => {
  it("refuses what only a running one can do", async () => {
    expect(() => host.open({ kind: "exec", argv: ["true"] })).toThrow(
      expect.objectContaining({ kind: "state" }),
    );
    await expect(host.save({ compression: "none" })).rejects.toMatchObject({ kind: "state" });
    await expect(host.stop()).rejects.toMatchObject({ kind: "state", message: "the machine is off" });
    await host.destroy();
    expect(states).toEqual([]);
  });
});

it("reports the bytes of a download", async () => {
  const progress: unknown[] = [];
  host.observe({ progress: event => progress.push(event) });
  const file = encodeSnapshot({ ...FACTS, v86: "0" }, GARBAGE);
  const url = `data:application/octet-stream;base64,${Buffer.from(file).toString("base64")}`;
  await expect(host.restore({ identity, wasm: wasm(), snapshot: { url, size: 10 } })).rejects.toThrow(
    "saved by v86 0,",
  );
  expect(progress.at(-1)).toEqual({
    step: "download",
    what: "machine",
    loaded: file.length,
    total: file.length,
  });
});
