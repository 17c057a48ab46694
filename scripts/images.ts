/**
 * Builds what is committed below `images/dist`, on a Debian host:
 *
 *   npm run images -- [--list] [--force NAME]... [NAME...]
 *
 * Without names, every recipe whose inputs have changed since it was built. `--list` only tells.
 */
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { EngineError, messageOf } from "../engine/base/errors.ts";
import { type BuildResult, type Folders, buildRecipe } from "./images/build-recipe.ts";
import { HUB, storedImage, writeHubIndex } from "./images/hub.ts";
import { requireHostPackages } from "./images/host.ts";
import { type Manifest, describeArtefact, readManifest, writeManifest } from "./images/manifest.ts";
import { repository } from "./images/paths.ts";
import type { Recipe } from "./images/recipe.ts";
import { recipes } from "./images/recipes.ts";
import { recipeState } from "./images/state.ts";
import { thirdPartyNotice } from "./images/third-party.ts";

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The recipes with these names, or all. */
function select(names: readonly string[]): readonly Recipe[] {
  for (const name of names) {
    if (!recipes.some(recipe => recipe.name === name)) {
      throw new EngineError(
        "not-found",
        `no recipe ${name}; there are ${recipes.map(r => r.name).join(", ")}`,
      );
    }
  }
  return names.length === 0 ? recipes : recipes.filter(recipe => names.includes(recipe.name));
}

async function list(folders: Folders): Promise<void> {
  const manifest = await readManifest(folders.dist);
  for (const recipe of recipes) {
    const state = await recipeState(recipe, manifest, folders);
    say(`${recipe.name.padEnd(14)} ${state.kind}${"why" in state ? `: ${state.why}` : ""}`);
  }
}

/** Records a recipe's result and removes what it made before and no longer does. */
async function record(recipe: Recipe, result: BuildResult, folders: Folders): Promise<void> {
  const before = await readManifest(folders.dist);
  const images = await Promise.all(
    recipes.map(other =>
      other === recipe ? Promise.resolve(result.image) : storedImage(folders.dist, other),
    ),
  );
  await writeHubIndex(
    folders.dist,
    images.filter(image => image !== undefined),
  );

  const kept = before.artefacts.filter(
    ({ recipe: name, path }) => name !== recipe.name && name !== HUB && !result.paths.includes(path),
  );
  const made = await Promise.all(result.paths.map(path => describeArtefact(folders.dist, path, recipe.name)));
  const index = await describeArtefact(folders.dist, `${HUB}/index.json`, HUB);
  const manifest: Manifest = {
    recipes: { ...before.recipes, [recipe.name]: result.record },
    artefacts: [...kept, ...made, index],
  };
  const present = new Set(manifest.artefacts.map(({ path }) => path));
  const gone = before.artefacts.filter(({ path }) => !present.has(path));
  await Promise.all(gone.map(({ path }) => rm(join(folders.dist, path), { force: true })));
  await writeManifest(folders.dist, manifest);
  await writeFile(join(folders.root, "THIRD_PARTY.md"), thirdPartyNotice(manifest));
}

async function build(names: readonly string[], forced: readonly string[], folders: Folders): Promise<void> {
  select(forced);
  for (const recipe of select(names.length === 0 ? [] : [...names, ...forced])) {
    const state = await recipeState(recipe, await readManifest(folders.dist), folders);
    const isForced = forced.includes(recipe.name);
    if (state.kind === "missing") {
      say(`${recipe.name}: skipped, ${state.why}`);
    } else if (state.kind === "stale" || isForced) {
      await requireHostPackages(folders.root);
      say(`${recipe.name}: building, ${state.kind === "stale" ? state.why : "as told"}`);
      await record(recipe, await buildRecipe(recipe, folders), folders);
    } else {
      say(`${recipe.name}: current`);
    }
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: "boolean", default: false },
    force: { type: "string", multiple: true, default: [] },
  },
});
try {
  await (values.list ? list(repository) : build(positionals, values.force, repository));
} catch (error) {
  process.stderr.write(`images: ${messageOf(error)}\n`);
  process.exitCode = 1;
}
