import { cp, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

const INDEX = "index.json";

/**
 * Makes `target` hold the registry's files of `source`, for the sandbox internet of the page's machine. Blobs are
 * named by their content: one that is there with the right size stays. The index comes when all that it names is
 * there, and what it no longer names goes after that.
 */
export async function publishHub(source: string, target: string): Promise<void> {
  const wanted = await sizesBelow(source);
  const there = await sizesBelow(target);
  for (const [name, size] of wanted) {
    if (name !== INDEX && there.get(name) !== size) await copy(join(source, name), join(target, name));
  }
  await copy(join(source, INDEX), join(target, INDEX));
  for (const name of there.keys()) {
    if (!wanted.has(name)) await rm(join(target, name));
  }
}

/** Replaces `to` in one step: whoever reads it gets all of the old file or all of the new one. */
async function copy(from: string, to: string): Promise<void> {
  const temporary = `${to}.new`;
  await mkdir(dirname(to), { recursive: true });
  await cp(from, temporary);
  await rename(temporary, to);
}

/** The files below a folder, by their paths with slashes; none where there is no folder. */
async function sizesBelow(folder: string): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  await mkdir(folder, { recursive: true });
  for (const entry of await readdir(folder, { recursive: true })) {
    const status = await stat(join(folder, entry));
    if (status.isFile()) sizes.set(entry.replaceAll("\\", "/"), status.size);
  }
  return sizes;
}
