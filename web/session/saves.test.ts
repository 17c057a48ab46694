import { describe, expect, it } from "vitest";
import type { SavedMachine } from "../machine/machine.ts";
import { MachineError } from "../machine/machine-error.ts";
import type { SnapshotHeader } from "../machine/snapshot.ts";
import {
  type MachineStore,
  NO_STORE,
  StoreError,
  type StoredMachine,
} from "../machine/storage/machine-store.ts";
import { deferred } from "../protocol/deferred.ts";
import { misfit } from "./saved-fit.ts";
import { Saves } from "./saves.ts";

const BUILD = { v86: "0.5.1", memory: 512, base: "abcdef0123456789" };
const HEADER: SnapshotHeader = {
  format: "drydock-machine",
  version: 1,
  ...BUILD,
  compression: "gzip",
  size: 3,
};
const STORED: StoredMachine = { header: HEADER, size: 100, savedAt: 1, file: new Blob(["file"]) };
const MACHINE: SavedMachine = { header: HEADER, file: new Uint8Array(3) };

function storeWith(methods: Partial<MachineStore>): MachineStore {
  return { ...NO_STORE, keep: () => Promise.resolve(STORED), ...methods };
}

describe("a saved machine", () => {
  it("fits the build that it was saved with", () => {
    expect(misfit(HEADER, BUILD)).toBeUndefined();
  });

  it.each([
    ["another emulator", { v86: "0.5.2" }, "the machine was saved by v86 0.5.2, this page runs v86 0.5.1"],
    ["another memory", { memory: 256 }, "with 256 MiB of memory, this page's have 512 MiB"],
    ["another snapshot", { base: "99" }, "grew from snapshot 99, this page's machines from abcdef012345"],
    ["no snapshot", { base: "" }, "grew from snapshot (none)"],
  ])("does not fit %s, and says why", (_name, difference, reason) => {
    expect(misfit({ ...HEADER, ...difference }, BUILD)).toContain(reason);
  });
});

describe("saves", () => {
  it("tell what is kept, before and after a save", async () => {
    const older = { ...STORED, savedAt: 0 };
    const saves = new Saves(storeWith({ find: () => Promise.resolve(older) }), BUILD);
    expect(await saves.find()).toBe(older);
    const bases: string[] = [];
    const kept = await saves.save(base => {
      bases.push(base);
      return Promise.resolve(MACHINE);
    });
    expect(kept).toBe(true);
    expect(bases).toEqual([BUILD.base]);
    expect(saves.saved.value).toBe(STORED);
  });

  it("happen one at a time", async () => {
    const saves = new Saves(storeWith({}), BUILD);
    const machine = deferred<SavedMachine>();
    const first = saves.save(() => machine.promise);
    expect(saves.saving.value).toBe(true);
    expect(await saves.save(() => Promise.resolve(MACHINE))).toBe(false);
    machine.resolve(MACHINE);
    expect(await first).toBe(true);
    expect(saves.saving.value).toBe(false);
  });

  it.each([
    ["the disk is full", new StoreError("full", "no room"), "full"],
    ["the machine cannot be saved", new MachineError("state", "it is gone"), "machine"],
    ["nobody knows", new Error("what"), "failed"],
    ["the browser says so", new DOMException("no room", "QuotaExceededError"), "full"],
  ])("keep what was there when %s", async (_name, error, kind) => {
    const store = storeWith({ find: () => Promise.resolve(STORED), keep: () => Promise.reject(error) });
    const saves = new Saves(store, BUILD);
    await saves.find();
    expect(await saves.save(() => Promise.resolve(MACHINE))).toBe(false);
    expect(saves.problem.value).toEqual({ kind, detail: error.message });
    expect(saves.saved.value).toBe(STORED);
    expect(saves.saving.value).toBe(false);
  });

  it("take no file of another build's", async () => {
    const other = { ...HEADER, base: "99" };
    const saves = new Saves(
      storeWith({
        adopt: (_file, check) => {
          check(other);
          return Promise.resolve(STORED);
        },
      }),
      BUILD,
    );
    expect(await saves.adopt(new Blob())).toBe(false);
    expect(saves.problem.value?.kind).toBe("misfit");
  });

  it("forget a problem when something has worked", async () => {
    let full = true;
    const keep = () => (full ? Promise.reject(new StoreError("full", "")) : Promise.resolve(STORED));
    const saves = new Saves(storeWith({ keep }), BUILD);
    await saves.save(() => Promise.resolve(MACHINE));
    full = false;
    await saves.save(() => Promise.resolve(MACHINE));
    expect(saves.problem.value).toBeUndefined();
  });

  it("are nothing that a page with keep=off has", async () => {
    const saves = new Saves(NO_STORE, BUILD);
    expect(await saves.find()).toBeUndefined();
    expect(saves.problem.value).toBeUndefined();
    expect(await saves.save(() => Promise.resolve(MACHINE))).toBe(false);
    expect(saves.problem.value?.kind).toBe("off");
  });
});
