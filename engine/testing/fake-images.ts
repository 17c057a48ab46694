import { parseFamiliar, withDefaultTag } from "../base/reference.ts";
import type { ImageConfig, ImageDefaults } from "../image/image-config.ts";
import type { Image, ImageStore } from "../image/image-store.ts";
import type { Layer, LayerStore } from "../image/layer-store.ts";
import type { ReferenceStore } from "../image/reference-store.ts";
import type { Bytes } from "../sys/bytes.ts";
import { tarOf } from "../sys/fake/tar.ts";

/** Files by path, each map a layer; a path that ends in "/" is a directory. */
export type LayerFiles = Readonly<Record<string, string>>;

/** What an image is to be. */
export interface ImageRecipe {
  readonly layers?: readonly LayerFiles[];
  readonly config?: ImageDefaults;
  /** Names with tags, in their familiar form. */
  readonly names?: readonly string[];
  readonly parent?: Image;
  readonly created?: string;
  readonly architecture?: string;
  readonly history?: ImageConfig["history"];
}

interface Stores {
  readonly layers: LayerStore;
  readonly images: ImageStore;
  readonly references: ReferenceStore;
}

/** Adds a layer that holds these files. */
export function addLayer(
  bytes: Bytes,
  layers: LayerStore,
  parent: Layer | null,
  files: LayerFiles,
): Promise<Layer> {
  return layers.add(parent, async directory => {
    const unpacker = bytes.createUnpacker(directory, { whiteouts: true });
    unpacker.write(tarOf(files));
    return unpacker.end();
  });
}

/** The configuration file of an image with these layers. */
export function imageConfig(diffIds: readonly string[], recipe: ImageRecipe): string {
  const config: ImageConfig = {
    architecture: recipe.architecture ?? "386",
    os: "linux",
    created: recipe.created ?? "2026-01-01T00:00:00Z",
    config: recipe.config ?? { Cmd: ["sh"] },
    rootfs: { type: "layers", diff_ids: diffIds },
    ...(recipe.history ? { history: recipe.history } : {}),
  };
  return JSON.stringify(config);
}

/** A root file system that programs could live in. */
export const BASE_FILES: LayerFiles = {
  "bin/sh": "a shell",
  "etc/passwd": "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n",
  "etc/group": "root:x:0:\nweb:x:33:app\napp:x:1001:\n",
};

/** Adds an image; without a recipe, a small one called "base". */
export async function addImage(
  { sys, layers, images, references }: Stores & { readonly sys: { readonly bytes: Bytes } },
  recipe: ImageRecipe = { names: ["base"] },
): Promise<Image> {
  const held: Layer[] = [];
  for (const files of recipe.layers ?? [BASE_FILES])
    held.push(await addLayer(sys.bytes, layers, held.at(-1) ?? null, files));
  const text = imageConfig(
    held.map(layer => layer.diffId),
    recipe,
  );
  const image = images.add(text, recipe.parent?.id ?? null);
  for (const layer of held) layers.release(layer);
  for (const name of recipe.names ?? []) references.set(withDefaultTag(parseFamiliar(name)), image.id);
  return image;
}
