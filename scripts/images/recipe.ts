import { createHash } from "node:crypto";
import { lstat, readFile, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { EngineError } from "../../engine/base/errors.ts";

/** A file or folder that a build leaves, and where it goes below `images/dist`. */
export interface Output {
  /** Relative to the build's OUT folder. */
  readonly from: string;
  /** Relative to `images/dist`. */
  readonly to: string;
  /** Applied to a file on its way. */
  readonly compress?: "brotli";
}

/** A container image that is made of what a build leaves in OUT/context. */
export interface ImageOutput {
  /** Relative to the repository. */
  readonly dockerfile: string;
  readonly repository: string;
  /** All lead to the same image. */
  readonly tags: readonly [string, ...string[]];
}

/** One thing that `npm run images` builds. */
export interface Recipe {
  readonly name: string;
  /**
   * Run as `script WORKDIR OUT [LAYER...]` from the repository, with the layers of the image that its image starts
   * from, the lowest first; leaves OUT/sources besides its outputs.
   */
  readonly script: string;
  /** Files and folders, relative to the repository: when one changes, the recipe is stale. */
  readonly inputs: readonly string[];
  readonly outputs: readonly Output[];
  readonly image?: ImageOutput;
}

/** Something of others that a recipe's outputs are made of. */
export interface Source {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** Debian's source package. */
  readonly source: string;
}

/**
 * The hash of a recipe's inputs, in hex: paths and contents, independent of times, modes and the order on disk.
 * An input that does not exist counts as empty.
 */
export async function hashInputs(root: string, inputs: readonly string[]): Promise<string> {
  const files = (await Promise.all(inputs.map(input => listFiles(root, input)))).flat();
  const hash = createHash("sha256");
  for (const path of [...new Set(files)].toSorted()) {
    hash.update(`${path}\0`).update(await contentHash(join(root, path)));
  }
  return hash.digest("hex");
}

/** The version of a recipe's result: its inputs and what it took from Debian. */
export function hashBuild(inputs: string, sources: readonly Source[]): string {
  const versions = sources.map(source => `${source.name}\t${source.version}\n`).toSorted();
  return createHash("sha256").update(inputs).update("\n").update(versions.join("")).digest("hex");
}

/** All files below a path of the repository, with slashes; a link counts as a file. */
export async function listFiles(root: string, path: string): Promise<string[]> {
  const status = await lstat(join(root, path)).catch(() => undefined);
  if (!status) return [];
  if (!status.isDirectory()) return [path];
  const names = await readdir(join(root, path));
  return (await Promise.all(names.map(name => listFiles(root, `${path}/${name}`)))).flat();
}

async function contentHash(path: string): Promise<Buffer> {
  const status = await lstat(path);
  const content = status.isSymbolicLink() ? await readlink(path) : await readFile(path);
  return createHash("sha256").update(content).digest();
}

/** Reads what a build script noted with `debian_note`: name, version, licence and source package, tabs between. */
export function parseSources(text: string): Source[] {
  return text
    .split("\n")
    .filter(line => line !== "")
    .map(line => {
      const [name, version, licence, source = name] = line.split("\t");
      if (!name || !version || !licence || !source) {
        throw new EngineError("invalid", `not a line of a sources file: ${JSON.stringify(line)}`);
      }
      return { name, version, licence, source };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
