import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { EngineError } from "../../engine/base/errors.ts";
import { checkedMap, checkedRecord, checkedSize, checkedText } from "./checked.ts";

/** What a registry says of one blob, manifest or tag: an OCI descriptor. */
export interface Descriptor {
  /** `sha256:` and 64 hex digits. */
  readonly digest: string;
  readonly mediaType: string;
  readonly size: number;
}

/**
 * `images/dist/hub/index.json`: a registry as static files. Blobs, manifests among them, lie in `blobs/<hex>`:
 * neither a colon nor an extension, so no static host can refuse the path or guess a type.
 */
export interface HubIndex {
  readonly repositories: Readonly<Record<string, { readonly tags: Readonly<Record<string, Descriptor>> }>>;
  /** By hex digest. */
  readonly blobs: Readonly<Record<string, { readonly mediaType: string; readonly size: number }>>;
}

export const emptyHubIndex: HubIndex = { repositories: {}, blobs: {} };

/** The file name of a digest: its hex digits. */
export function blobName(digest: string): string {
  const [algorithm, hex] = digest.split(":");
  if (algorithm !== "sha256" || !hex || !/^[0-9a-f]{64}$/.test(hex)) {
    throw new EngineError("invalid", `not a sha256 digest: ${JSON.stringify(digest)}`);
  }
  return hex;
}

/** Reads the index of a hub folder; an empty one when there is none yet. */
export async function readHubIndex(folder: string): Promise<HubIndex> {
  const text = await readFile(join(folder, "index.json"), "utf8").catch(() => undefined);
  return text === undefined ? emptyHubIndex : checkHubIndex(JSON.parse(text));
}

/** Checks that a value is a {@link HubIndex}, and that every tag names one of its blobs. */
export function checkHubIndex(value: unknown): HubIndex {
  const { repositories, blobs } = checkedRecord(value, "hub index");
  const index: HubIndex = {
    repositories: checkedMap(repositories, "repositories", (repository, what) => ({
      tags: checkedMap(checkedRecord(repository, what)["tags"], `${what}: tags`, checkDescriptor),
    })),
    blobs: checkedMap(blobs, "blobs", checkBlob),
  };
  for (const hex of Object.keys(index.blobs)) blobName(`sha256:${hex}`);
  for (const [name, { tags }] of Object.entries(index.repositories)) {
    for (const [tag, { digest }] of Object.entries(tags)) {
      if (!(blobName(digest) in index.blobs))
        throw new EngineError("invalid", `hub index: ${name}:${tag} names no blob`);
    }
  }
  return index;
}

function checkBlob(value: unknown, what: string): { mediaType: string; size: number } {
  const { mediaType, size } = checkedRecord(value, what);
  return {
    mediaType: checkedText(mediaType, `${what}: mediaType`),
    size: checkedSize(size, `${what}: size`),
  };
}

/** Checks an OCI descriptor; what else it says (a platform, annotations) is dropped. */
export function checkDescriptor(value: unknown, what: string): Descriptor {
  const digest = checkedText(checkedRecord(value, what)["digest"], `${what}: digest`);
  blobName(digest);
  const { mediaType, size } = checkBlob(value, what);
  return { digest, mediaType, size };
}

/** One image's part of an index. */
export interface HubImage {
  readonly repository: string;
  readonly tags: readonly string[];
  /** What each of the tags names. */
  readonly descriptor: Descriptor;
  /** All that the tags lead to, that of `descriptor` included. */
  readonly blobs: readonly Descriptor[];
}

/** The index of exactly these images, its keys in order. */
export function hubIndexOf(images: readonly HubImage[]): HubIndex {
  const repositories: Record<string, { tags: Record<string, Descriptor> }> = {};
  const blobs: Record<string, { mediaType: string; size: number }> = {};
  for (const { repository, tags, descriptor } of images) {
    // Its keys in one order, whether it was just built or read back.
    const { digest, mediaType, size } = descriptor;
    const named = tags.toSorted().map(tag => [tag, { digest, mediaType, size }] as const);
    repositories[repository] = { tags: Object.fromEntries(named) };
  }
  for (const { digest, mediaType, size } of images.flatMap(image => image.blobs)) {
    blobs[blobName(digest)] = { mediaType, size };
  }
  return { repositories: sortKeys(repositories), blobs: sortKeys(blobs) };
}

function sortKeys<T>(value: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
