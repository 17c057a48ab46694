import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkedList, checkedRecord } from "./checked.ts";
import {
  type Descriptor,
  type HubImage,
  blobName,
  checkDescriptor,
  hubIndexOf,
  readHubIndex,
} from "./hub-index.ts";
import type { ImageName } from "./dockerfile.ts";
import { type BuiltImage, descriptorOf } from "./oci.ts";
import type { ImageOutput, Recipe } from "./recipe.ts";

/** Where the hub lies, relative to `images/dist`. */
export const HUB = "hub";

/** Stores an image's blobs by content and returns its part of the index. */
export async function storeImage(dist: string, output: ImageOutput, image: BuiltImage): Promise<HubImage> {
  await mkdir(join(dist, HUB, "blobs"), { recursive: true });
  await Promise.all(image.blobs.map(({ digest, bytes }) => writeFile(blobPath(dist, digest), bytes)));
  const { repository, tags } = output;
  const blobs = [...image.inherited, ...image.blobs].map(descriptorOf);
  return { repository, tags, descriptor: image.descriptor, blobs };
}

/** Reads back what {@link storeImage} has stored of a recipe's image, if it was ever built. */
export async function storedImage(dist: string, recipe: Recipe): Promise<HubImage | undefined> {
  if (!recipe.image) return undefined;
  const { repository, tags } = recipe.image;
  const descriptor = await taggedImage(dist, { repository, tag: tags[0] });
  if (!descriptor) return undefined;
  return { repository, tags, descriptor, blobs: await reachable(dist, descriptor) };
}

/** What a tag of the hub names. */
export async function taggedImage(
  dist: string,
  { repository, tag }: ImageName,
): Promise<Descriptor | undefined> {
  return (await readHubIndex(join(dist, HUB))).repositories[repository]?.tags[tag];
}

/** Writes the index of exactly these images. */
export async function writeHubIndex(dist: string, images: readonly HubImage[]): Promise<void> {
  await mkdir(join(dist, HUB), { recursive: true });
  await writeFile(join(dist, HUB, "index.json"), `${JSON.stringify(hubIndexOf(images), null, 2)}\n`);
}

/** Where blobs lie, relative to `images/dist`. */
export function blobPaths(blobs: readonly Descriptor[]): string[] {
  return blobs.map(({ digest }) => `${HUB}/blobs/${blobName(digest)}`);
}

/** A blob's file. */
export function blobPath(dist: string, digest: string): string {
  return join(dist, HUB, "blobs", blobName(digest));
}

/** A manifest's or index's descriptor and all that it leads to. */
async function reachable(dist: string, descriptor: Descriptor): Promise<Descriptor[]> {
  const below: Descriptor[] = [];
  if (/\.(index|manifest)\.v1\+json$/.test(descriptor.mediaType)) {
    const value: unknown = JSON.parse(await readFile(blobPath(dist, descriptor.digest), "utf8"));
    const children = await Promise.all(childrenOf(value).map(child => reachable(dist, child)));
    below.push(...children.flat());
  }
  return [...below, descriptorOf(descriptor)];
}

function childrenOf(value: unknown): Descriptor[] {
  const { manifests, layers, config } = checkedRecord(value, "manifest");
  const lists = [manifests, layers, config === undefined ? undefined : [config]];
  return lists.flatMap(list => (list === undefined ? [] : checkedList(list, "manifest"))).map(checkChild);
}

function checkChild(value: unknown): Descriptor {
  return checkDescriptor(value, "descriptor");
}
