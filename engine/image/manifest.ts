import { EngineError } from "../base/errors.ts";
import { type FetchedManifest, MediaType } from "./registry-client.ts";

/** A pointer to content (OCI image-spec, descriptor.md). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: Platform;
}

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** What names an image's parts. */
export interface Manifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

const LAYER_TYPES =
  /^application\/vnd\.(docker\.image\.rootfs\.diff|oci\.image\.layer\.v1)\.tar(\.gzip|\+gzip)?$/;

function parse(fetched: FetchedManifest): Record<string, unknown> {
  const value: unknown = JSON.parse(fetched.text);
  if (value === null || typeof value !== "object")
    throw new EngineError("invalid", "manifest is not an object");
  return { ...value };
}

function isDescriptor(value: unknown): value is Descriptor {
  if (value === null || typeof value !== "object") return false;
  const { digest, size }: { digest?: unknown; size?: unknown } = value;
  return typeof digest === "string" && /^sha256:[0-9a-f]{64}$/.test(digest) && typeof size === "number";
}

/** Whether a manifest is a list of manifests, one a platform. */
export function isIndex(fetched: FetchedManifest): boolean {
  const type = fetched.mediaType.split(";")[0];
  return type === MediaType.dockerList || type === MediaType.ociIndex;
}

/** The platforms in an index with their manifests. Throws "invalid" where it is none. */
export function parseIndex(fetched: FetchedManifest): Descriptor[] {
  const { manifests } = parse(fetched);
  if (!Array.isArray(manifests) || !manifests.every(isDescriptor))
    throw new EngineError("invalid", "manifest list has no valid manifests");
  return manifests;
}

/** Reads an image manifest. Throws "invalid" where it is none, or has layers of a kind that we can't unpack. */
export function parseManifest(fetched: FetchedManifest): Manifest {
  const { config, layers } = parse(fetched);
  if (!isDescriptor(config) || !Array.isArray(layers) || !layers.every(isDescriptor))
    throw new EngineError("invalid", "manifest has no valid config and layers");
  const strange = layers.find(layer => !LAYER_TYPES.test(layer.mediaType));
  if (strange) throw new EngineError("invalid", `unsupported media type ${strange.mediaType}`);
  return { config, layers };
}

/** "linux/386" or "linux/arm/v7" as Docker writes it. */
export function formatPlatform(platform: Platform): string {
  const { os, architecture, variant } = platform;
  return variant ? `${os}/${architecture}/${variant}` : `${os}/${architecture}`;
}

/** The manifest for a platform in an index. Throws "not-found" in Docker's words. */
export function selectPlatform(manifests: readonly Descriptor[], wanted: Platform): Descriptor {
  const found = manifests.find(
    ({ platform }) =>
      platform?.os === wanted.os &&
      platform.architecture === wanted.architecture &&
      (wanted.variant === undefined || platform.variant === wanted.variant),
  );
  if (found) return found;
  throw new EngineError(
    "not-found",
    `no matching manifest for ${formatPlatform(wanted)} in the manifest list entries`,
  );
}
