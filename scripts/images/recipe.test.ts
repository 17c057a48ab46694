import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Folders } from "./build-recipe.ts";
import { describeArtefact, readManifest, writeManifest } from "./manifest.ts";
import { type Recipe, hashBuild, hashInputs, parseSources } from "./recipe.ts";
import { recipeState } from "./state.ts";
import { thirdPartyNotice } from "./third-party.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "recipe-test-"));
  await mkdir(join(root, "a", "b"), { recursive: true });
  await writeFile(join(root, "a", "build.sh"), "true");
  await writeFile(join(root, "a", "b", "file"), "one");
});
afterEach(() => rm(root, { recursive: true, force: true }));

const busybox = { name: "busybox", version: "1:1.35.0-4", licence: "GPL-2", source: "busybox" };

describe("hashInputs", () => {
  it("changes with a file's content and name, not with the order of inputs", async () => {
    const before = await hashInputs(root, ["a", "other"]);
    expect(await hashInputs(root, ["other", "a"])).toBe(before);
    await writeFile(join(root, "a", "b", "file"), "two");
    const after = await hashInputs(root, ["a"]);
    expect(after).not.toBe(before);
    await writeFile(join(root, "a", "b", "more"), "");
    expect(await hashInputs(root, ["a"])).not.toBe(after);
  });
});

describe("hashBuild", () => {
  it("changes with a package's version", () => {
    expect(hashBuild("x", [busybox])).not.toBe(hashBuild("x", [{ ...busybox, version: "1:1.36.0-1" }]));
  });
});

describe("parseSources", () => {
  it("reads lines with and without a source package, in order", () => {
    expect(parseSources("musl\t1.2.3-1\tMIT\nbusybox\t1:1.35.0-4\tGPL-2\tbusybox\n")).toEqual([
      busybox,
      { name: "musl", version: "1.2.3-1", licence: "MIT", source: "musl" },
    ]);
  });

  it("refuses a line that lacks something", () => {
    expect(() => parseSources("musl\t1.2.3-1\n")).toThrow('not a line of a sources file: "musl\\t1.2.3-1"');
  });
});

describe("recipeState", () => {
  const recipe: Recipe = {
    name: "a",
    script: "a/build.sh",
    inputs: ["a"],
    outputs: [{ from: "x", to: "x" }],
  };
  const state = async (of = recipe): Promise<unknown> => {
    const folders: Folders = { root, dist: join(root, "dist"), cache: join(root, "cache") };
    return recipeState(of, await readManifest(folders.dist), folders);
  };
  const publish = async (more: { readonly base?: string } = {}): Promise<void> => {
    await mkdir(join(root, "dist"));
    await writeFile(join(root, "dist", "x"), "made");
    const inputs = await hashInputs(root, recipe.inputs);
    const record = { inputs, inputHash: hashBuild(inputs, []), sources: [], ...more };
    const artefacts = [await describeArtefact(join(root, "dist"), "x", "a")];
    await writeManifest(join(root, "dist"), { recipes: { a: record }, artefacts });
  };

  it("is missing without a script, stale before the first build, current after it", async () => {
    expect(await state()).toEqual({ kind: "stale", why: "never built" });
    await publish();
    expect(await state()).toEqual({ kind: "current" });
    await rm(join(root, "a", "build.sh"));
    expect(await state()).toEqual({ kind: "missing", why: "no a/build.sh yet" });
  });

  it("is stale once an input has changed", async () => {
    await publish();
    await writeFile(join(root, "a", "b", "file"), "two");
    expect(await state()).toEqual({ kind: "stale", why: "its inputs have changed" });
  });

  it("is stale once the image that its own starts from is another", async () => {
    await writeFile(join(root, "a", "Dockerfile"), "FROM debian:12");
    await publish({ base: "sha256:before" });
    const image = { dockerfile: "a/Dockerfile", repository: "library/a", tags: ["latest"] } as const;
    expect(await state({ ...recipe, image })).toEqual({
      kind: "stale",
      why: "library/debian:12, which it starts from, is another now",
    });
  });

  it("is stale once an artefact is gone or not what was built", async () => {
    await publish();
    await writeFile(join(root, "dist", "x"), "tampered with");
    expect(await state()).toEqual({ kind: "stale", why: "x was changed by hand" });
    await rm(join(root, "dist", "x"));
    expect(await state()).toEqual({ kind: "stale", why: "x is gone" });
  });
});

describe("thirdPartyNotice", () => {
  it("lists a source once, with every part that has it", () => {
    const record = { inputs: "", inputHash: "", sources: [busybox] };
    const text = thirdPartyNotice({ recipes: { userland: record, busybox: record }, artefacts: [] });
    expect(text.split("\n").filter(line => line.startsWith("| busybox"))).toEqual([
      "| busybox | 1:1.35.0-4 | GPL-2 | busybox | busybox, userland |",
    ]);
  });
});
