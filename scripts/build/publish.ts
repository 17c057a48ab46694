import { createHash } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuiltFile, MachineIndex } from "../lib/machine-index.ts";
import { readMachineIndex } from "../lib/machine-index.ts";
import { MACHINE_DIST } from "../lib/paths.ts";

/** Lower-case hexadecimal SHA-256. */
export function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

/** Writes a file whose name changes with its bytes. */
export async function publishFile(name: string, extension: string, bytes: Uint8Array): Promise<BuiltFile> {
  const digest = sha256(bytes);
  const file = `${name}-${digest.slice(0, 12)}.${extension}`;
  await mkdir(MACHINE_DIST, { recursive: true });
  await writeFile(join(MACHINE_DIST, file), bytes);
  return { file, size: bytes.length, sha256: digest };
}

/** Makes a build visible, and removes the files of the one before. */
export async function publishIndex(index: MachineIndex): Promise<void> {
  const temporary = join(MACHINE_DIST, ".index.json");
  await writeFile(temporary, `${JSON.stringify(index, undefined, 2)}\n`);
  await rename(temporary, join(MACHINE_DIST, "index.json"));
  const kept = new Set(["index.json", index.snapshot.file, index.wasm.file]);
  for (const name of await readdir(MACHINE_DIST)) {
    if (!kept.has(name)) await rm(join(MACHINE_DIST, name));
  }
}

/** The build that is there, if it was made of `inputs` and is whole. */
export async function builtFrom(inputs: string): Promise<MachineIndex | undefined> {
  try {
    const index = await readMachineIndex();
    const sizes = [index.snapshot, index.wasm].map(async ({ file, size }) => {
      return (await stat(join(MACHINE_DIST, file))).size === size;
    });
    return index.inputs === inputs && (await Promise.all(sizes)).every(Boolean) ? index : undefined;
  } catch {
    return undefined; // nothing was built, or not all of it: then it will be
  }
}
