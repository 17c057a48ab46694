import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sparingMemory } from "./sparing-memory.ts";
import { createV86 } from "./v86.ts";

const MEMORY = 32 * 1024 * 1024;
const MACHINE = {
  memory_size: MEMORY,
  vga_memory_size: 2 * 1024 * 1024,
  virtio_console: true,
  net_device: { type: "virtio" },
  filesystem: {},
  autostart: false,
  disable_speaker: true,
  disable_keyboard: true,
  disable_mouse: true,
} as const;

/** The exports of an emulator that has just been made. */
async function exportsOfNewEmulator(): Promise<WebAssembly.Exports> {
  const file = readFileSync(join(createRequire(import.meta.url).resolve("v86"), "..", "v86.wasm"));
  const module = await WebAssembly.compile(file);
  let exports: WebAssembly.Exports = {};
  await new Promise<void>(resolve => {
    const v86 = createV86({
      ...MACHINE,
      wasm_fn: async imports => {
        exports = sparingMemory((await WebAssembly.instantiate(module, imports)).exports);
        return exports;
      },
    });
    v86.add_listener("emulator-loaded", () => resolve());
  });
  return exports;
}

function call(exports: WebAssembly.Exports, name: string, ...values: number[]): unknown {
  const target = exports[name];
  if (typeof target !== "function") throw new Error(`v86 has no ${name}`);
  return target(...values);
}

it("gives a new emulator memory with nothing but zeros", async () => {
  expect(call(await exportsOfNewEmulator(), "is_memory_zeroed", 0, MEMORY)).toBe(1);
});

it("fills memory with zeros for every restore but the first", () => {
  const calls: number[][] = [];
  const exports = sparingMemory({
    memory: new WebAssembly.Memory({ initial: 1 }),
    allocate_memory: () => 0,
    zero_memory: (...values: number[]) => calls.push(values),
  });
  call(exports, "zero_memory", 4096, 512); // a balloon's page, not a restore
  call(exports, "zero_memory", 0, MEMORY);
  call(exports, "zero_memory", 0, MEMORY);
  expect(calls).toEqual([
    [4096, 512],
    [0, MEMORY],
  ]);
});

it("cleans what the allocator had used before", () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  new Uint8Array(memory.buffer).fill(7);
  const exports = sparingMemory({
    memory,
    allocate_memory: () => {
      memory.grow(1);
      return 65_000;
    },
    zero_memory: () => undefined,
  });
  expect(call(exports, "allocate_memory", 70_000)).toBe(65_000);
  const bytes = new Uint8Array(memory.buffer);
  expect([bytes[64_999], bytes.subarray(65_000).every(byte => byte === 0)]).toEqual([7, true]);
});

it("refuses what is not v86", () => {
  expect(() => sparingMemory({})).toThrow("this is not v86");
});
