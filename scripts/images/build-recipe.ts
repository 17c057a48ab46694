import { spawn } from "node:child_process";
import { cp, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { constants, brotliCompressSync } from "node:zlib";
import { EngineError } from "../../engine/base/errors.ts";
import { readBaseImage, readDockerfile } from "./base-image.ts";
import { blobPath, blobPaths, storeImage } from "./hub.ts";
import type { HubImage } from "./hub-index.ts";
import { buildImage } from "./oci.ts";
import { type Output, type Recipe, hashBuild, hashInputs, listFiles, parseSources } from "./recipe.ts";
import type { BuildRecord } from "./manifest.ts";

/** The folders that a build works with. */
export interface Folders {
  /** The repository. */
  readonly root: string;
  /** `images/dist`. */
  readonly dist: string;
  /** `.cache/images`: work folders, kept between builds. */
  readonly cache: string;
}

/** What a recipe has left below `images/dist`. */
export interface BuildResult {
  readonly record: BuildRecord;
  /** Paths of its artefacts. */
  readonly paths: readonly string[];
  readonly image?: HubImage;
}

/** Runs a recipe's script and puts what it made into `images/dist`. */
export async function buildRecipe(recipe: Recipe, folders: Folders): Promise<BuildResult> {
  // Taken before the build: a file edited while it ran must make the result stale, not current.
  const inputs = await hashInputs(folders.root, recipe.inputs);
  const work = join(folders.cache, recipe.name);
  const out = join(work, "out");
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const dockerfile = await readDockerfile(folders.root, recipe);
  const base = dockerfile?.base && (await readBaseImage(folders.dist, dockerfile.base));
  const layers = (base?.layers ?? []).map(({ digest }) => blobPath(folders.dist, digest));
  await runScript(join(folders.root, recipe.script), [join(work, "work"), out, ...layers], folders);

  const sources = parseSources(await readFile(join(out, "sources"), "utf8"));
  const paths: string[] = [];
  for (const output of recipe.outputs) paths.push(...(await install(output, out, folders.dist)));
  const record = {
    inputs,
    inputHash: hashBuild(inputs, sources),
    sources,
    ...(base ? { base: base.digest } : {}),
  };
  if (!recipe.image || !dockerfile) return { record, paths };
  const created = new Date((await readFile(join(out, "created"), "utf8")).trim());
  const built = await buildImage(dockerfile, join(out, "context"), created, base);
  const image = await storeImage(folders.dist, recipe.image, built);
  return { record, paths: [...paths, ...blobPaths(built.blobs)], image };
}

/** Copies one output and returns the paths of its files, relative to dist. */
async function install({ from, to, compress }: Output, out: string, dist: string): Promise<string[]> {
  const source = join(out, from);
  if (!(await stat(source).catch(() => undefined)))
    throw new EngineError("not-found", `the build left no ${from}`);
  await rm(join(dist, to), { recursive: true, force: true });
  await mkdir(dirname(join(dist, to)), { recursive: true });
  if (compress === "brotli") await writeFile(join(dist, to), brotli(await readFile(source)));
  else await cp(source, join(dist, to), { recursive: true });
  return listFiles(dist, to);
}

function brotli(bytes: Buffer): Buffer {
  const { BROTLI_PARAM_LGWIN, BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants;
  return brotliCompressSync(bytes, {
    params: { [BROTLI_PARAM_LGWIN]: 24, [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
}

/** Runs a build script; its messages go to our standard error. */
async function runScript(script: string, words: readonly string[], folders: Folders): Promise<void> {
  const env = { ...process.env, DRYDOCK_APT_STATE: join(folders.cache, "apt") };
  const child = spawn(script, words, { cwd: folders.root, env, stdio: ["ignore", "inherit", "inherit"] });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (...ended) => resolve(ended));
  });
  if (code !== 0) throw new EngineError("system", `${script} ended with ${signal ?? `status ${code}`}`);
}
