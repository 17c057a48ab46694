import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Folders } from "./build-recipe.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** The folders of this repository. */
export const repository: Folders = {
  root,
  dist: join(root, "images", "dist"),
  cache: join(root, ".cache", "images"),
};
