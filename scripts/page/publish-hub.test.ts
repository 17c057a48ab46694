import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { publishHub } from "./publish-hub.ts";

let folder: string;
const path = (...names: string[]): string => join(folder, ...names);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "drydock-hub-"));
  await mkdir(path("source", "blobs"), { recursive: true });
  await writeFile(path("source", "index.json"), "new index");
  await writeFile(path("source", "blobs", "aa"), "blob a");
});

afterEach(() => rm(folder, { recursive: true }));

it("copies everything into a folder that is not there yet", async () => {
  await publishHub(path("source"), path("site", "hub"));
  expect((await readdir(path("site", "hub"))).toSorted()).toEqual(["blobs", "index.json"]);
  expect(await readFile(path("site", "hub", "blobs", "aa"), "utf8")).toBe("blob a");
});

it("replaces the index and what is not whole, and removes what has no source", async () => {
  await mkdir(path("hub", "blobs"), { recursive: true });
  await writeFile(path("hub", "index.json"), "old index");
  await writeFile(path("hub", "blobs", "aa"), "half");
  await writeFile(path("hub", "blobs", "bb"), "gone");
  await publishHub(path("source"), path("hub"));
  expect(await readFile(path("hub", "index.json"), "utf8")).toBe("new index");
  expect(await readdir(path("hub", "blobs"))).toEqual(["aa"]);
  expect(await readFile(path("hub", "blobs", "aa"), "utf8")).toBe("blob a");
});
