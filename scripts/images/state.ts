import { access } from "node:fs/promises";
import { join } from "node:path";
import type { Folders } from "./build-recipe.ts";
import { readDockerfile } from "./base-image.ts";
import { taggedImage } from "./hub.ts";
import { type Manifest, describeArtefact } from "./manifest.ts";
import { type Recipe, hashInputs } from "./recipe.ts";

/** Whether a recipe's artefacts are what its inputs say, and if not, why. */
export type RecipeState =
  | { readonly kind: "current" }
  | { readonly kind: "stale"; readonly why: string }
  | { readonly kind: "missing"; readonly why: string };

/**
 * Compares a recipe with what the manifest recorded. Looks at files only, never at package versions: a newer package
 * is no reason to build again, it is only taken when something else is.
 */
export async function recipeState(
  recipe: Recipe,
  manifest: Manifest,
  folders: Folders,
): Promise<RecipeState> {
  if (!(await exists(join(folders.root, recipe.script))))
    return { kind: "missing", why: `no ${recipe.script} yet` };
  const record = manifest.recipes[recipe.name];
  if (!record) return { kind: "stale", why: "never built" };
  if (record.inputs !== (await hashInputs(folders.root, recipe.inputs))) {
    return { kind: "stale", why: "its inputs have changed" };
  }
  const base = (await readDockerfile(folders.root, recipe))?.base;
  if (base && (await taggedImage(folders.dist, base))?.digest !== record.base) {
    return { kind: "stale", why: `${base.repository}:${base.tag}, which it starts from, is another now` };
  }
  for (const artefact of manifest.artefacts.filter(({ recipe: name }) => name === recipe.name)) {
    const actual = await describeArtefact(folders.dist, artefact.path, recipe.name).catch(() => undefined);
    if (!actual) return { kind: "stale", why: `${artefact.path} is gone` };
    if (actual.sha256 !== artefact.sha256)
      return { kind: "stale", why: `${artefact.path} was changed by hand` };
  }
  return { kind: "current" };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
