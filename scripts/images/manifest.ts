import { createHash } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkedList, checkedMap, checkedRecord, checkedSize, checkedText } from "./checked.ts";
import type { Source } from "./recipe.ts";

/** One file below `images/dist`. */
export interface Artefact {
  /** Relative to `images/dist`, with slashes. */
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  /** The recipe that made it. */
  readonly recipe: string;
}

/** What a recipe was built from. */
export interface BuildRecord {
  /** Of the recipe's input files: what a test compares. */
  readonly inputs: string;
  /** Of the input files and the versions of the sources. */
  readonly inputHash: string;
  readonly sources: readonly Source[];
  /** The digest of the image that this one starts from. */
  readonly base?: string;
}

/** `images/dist/manifest.json`: every other file of that folder and where it comes from. */
export interface Manifest {
  readonly recipes: Readonly<Record<string, BuildRecord>>;
  readonly artefacts: readonly Artefact[];
}

const FILE = "manifest.json";

/** Reads the manifest of a folder; an empty one when there is none yet. */
export async function readManifest(dist: string): Promise<Manifest> {
  const text = await readFile(join(dist, FILE), "utf8").catch(() => undefined);
  if (text === undefined) return { recipes: {}, artefacts: [] };
  const { recipes, artefacts } = checkedRecord(JSON.parse(text), FILE);
  return {
    recipes: checkedMap(recipes, "recipes", checkRecord),
    artefacts: checkedList(artefacts, "artefacts").map(checkArtefact),
  };
}

function checkRecord(value: unknown, what: string): BuildRecord {
  const { inputs, inputHash, sources, base } = checkedRecord(value, what);
  return {
    inputs: checkedText(inputs, `${what}: inputs`),
    inputHash: checkedText(inputHash, `${what}: inputHash`),
    sources: checkedList(sources, `${what}: sources`).map(checkSource),
    ...(base === undefined ? {} : { base: checkedText(base, `${what}: base`) }),
  };
}

function checkSource(value: unknown): Source {
  const { name, version, licence, source } = checkedRecord(value, "source");
  return {
    name: checkedText(name, "source: name"),
    version: checkedText(version, "source: version"),
    licence: checkedText(licence, "source: licence"),
    source: checkedText(source, "source: source"),
  };
}

function checkArtefact(value: unknown): Artefact {
  const { path, size, sha256, recipe } = checkedRecord(value, "artefact");
  return {
    path: checkedText(path, "artefact: path"),
    size: checkedSize(size, "artefact: size"),
    sha256: checkedText(sha256, "artefact: sha256"),
    recipe: checkedText(recipe, "artefact: recipe"),
  };
}

/** Replaces the manifest of a folder, in an order that depends on its content only. */
export async function writeManifest(dist: string, manifest: Manifest): Promise<void> {
  const recipes = Object.entries(manifest.recipes).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const artefacts = manifest.artefacts.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const text = `${JSON.stringify({ recipes: Object.fromEntries(recipes), artefacts }, null, 2)}\n`;
  await writeFile(join(dist, `${FILE}.new`), text);
  await rename(join(dist, `${FILE}.new`), join(dist, FILE));
}

/** Describes a file of the folder. */
export async function describeArtefact(dist: string, path: string, recipe: string): Promise<Artefact> {
  const bytes = await readFile(join(dist, path));
  return { path, size: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex"), recipe };
}
