import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { storedImage } from "../scripts/images/hub.ts";
import { type HubIndex, blobName, readHubIndex } from "../scripts/images/hub-index.ts";
import { type Manifest, readManifest } from "../scripts/images/manifest.ts";
import { repository } from "../scripts/images/paths.ts";
import { hashBuild, listFiles } from "../scripts/images/recipe.ts";
import { recipes } from "../scripts/images/recipes.ts";
import { recipeState } from "../scripts/images/state.ts";
import { thirdPartyNotice } from "../scripts/images/third-party.ts";

const MOST_BYTES = 60_000_000;
const { root, dist } = repository;

describe("images/dist", () => {
  let manifest: Manifest;
  beforeAll(async () => {
    manifest = await readManifest(dist);
  });

  it("holds exactly the files that the manifest lists", async () => {
    const present = (await listFiles(root, "images/dist")).map(path => path.slice("images/dist/".length));
    const listed = manifest.artefacts.map(({ path }) => path);
    expect(present.toSorted()).toEqual([...listed, "manifest.json"].toSorted());
    expect(listed).toEqual(listed.toSorted());
  });

  it("is below the size that a repository should carry", () => {
    const total = manifest.artefacts.reduce((sum, { size }) => sum + size, 0);
    expect(total).toBeGreaterThan(0);
    expect(total).toBeLessThan(MOST_BYTES);
  });

  it.each(recipes.map(recipe => [recipe.name, recipe] as const))(
    "has %s as its recipe says",
    async (name, recipe) => {
      const state = await recipeState(recipe, manifest, repository);
      // A recipe whose script is not written yet has nothing here; any other must have been built.
      if (state.kind === "missing") expect(manifest.recipes[name]).toBeUndefined();
      else expect(state, `run: npm run images -- ${name}`).toEqual({ kind: "current" });
    },
  );

  it("records what each recipe was built from", () => {
    for (const { inputs, inputHash, sources } of Object.values(manifest.recipes)) {
      expect(inputHash).toBe(hashBuild(inputs, sources));
    }
    const known = new Set([...recipes.map(({ name }) => name), "hub"]);
    expect(manifest.artefacts.filter(({ recipe }) => !known.has(recipe))).toEqual([]);
  });

  it("is described by THIRD_PARTY.md", async () => {
    expect(await readFile(join(root, "THIRD_PARTY.md"), "utf8")).toBe(thirdPartyNotice(manifest));
  });
});

const hubBlob = (hex: string): Promise<Buffer> => readFile(join(dist, "hub", "blobs", hex));

describe("images/dist/hub", () => {
  const imageRecipes = recipes.filter(recipe => recipe.image);
  let index: HubIndex;
  beforeAll(async () => {
    index = await readHubIndex(join(dist, "hub"));
  });

  it("names every blob by its content", async () => {
    const blobs = await Promise.all(
      Object.entries(index.blobs).map(async ([hex, { size }]) => ({ hex, size, bytes: await hubBlob(hex) })),
    );
    expect(blobs.length).toBeGreaterThan(0);
    for (const { hex, size, bytes } of blobs) {
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(hex);
      expect(bytes.length).toBe(size);
    }
  });

  it.each(imageRecipes.map(recipe => [recipe.name, recipe] as const))(
    "leads from each tag of %s to its files",
    async (_, recipe) => {
      const image = await storedImage(dist, recipe);
      const { descriptor, blobs } = image ?? { blobs: [] };
      expect(index.repositories[image?.repository ?? ""]).toEqual({
        tags: Object.fromEntries((image?.tags ?? []).map(tag => [tag, descriptor])),
      });
      expect(descriptor?.mediaType).toBe("application/vnd.oci.image.index.v1+json");
      expect(blobs.every(({ digest }) => blobName(digest) in index.blobs)).toBe(true);
      const read = (kind: string): Promise<Buffer[]> => {
        const found = blobs.filter(({ mediaType }) => mediaType.includes(kind));
        return Promise.all(found.map(({ digest }) => hubBlob(blobName(digest))));
      };
      const diffIds = (await read("image.layer")).map(layer =>
        createHash("sha256").update(gunzipSync(layer)).digest("hex"),
      );
      const [config] = await read("image.config");
      expect(JSON.parse(String(config))).toMatchObject({
        architecture: "386",
        os: "linux",
        rootfs: { type: "layers", diff_ids: diffIds.map(hex => `sha256:${hex}`) },
      });
    },
  );
});
