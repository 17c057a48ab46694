import type { ImageHistoryItem, ImageInspect, ImageSummary } from "../api/image.ts";
import { familiarName, familiarString, type Reference } from "../base/reference.ts";
import type { Image } from "../image/image-store.ts";
import type { Daemon } from "./daemon.ts";

const NEVER = "0001-01-01T00:00:00Z";

function seconds(time: string | undefined): number {
  return Math.floor(Date.parse(time ?? NEVER) / 1000);
}

/** Bytes of all the layers of an image. */
export function imageSize(daemon: Daemon, image: Image): number {
  return daemon.layers.chain(image.top).reduce((sum, layer) => sum + layer.size, 0);
}

function tagsOf(references: readonly Reference[]): string[] {
  return references.filter(({ tag }) => tag !== undefined).map(familiarString);
}

function digestsOf(references: readonly Reference[]): string[] {
  return references
    .filter(({ digest }) => digest !== undefined)
    .map(reference => `${familiarName(reference)}@${reference.digest}`);
}

/** One line of `docker images`. */
export function imageSummary(daemon: Daemon, image: Image): ImageSummary {
  const references = daemon.references.of(image.id);
  return {
    Containers: -1,
    Created: seconds(image.config.created),
    Id: image.id,
    Labels: image.config.config?.Labels ?? null,
    ParentId: image.parent ?? "",
    RepoDigests: digestsOf(references),
    RepoTags: tagsOf(references),
    SharedSize: -1,
    Size: imageSize(daemon, image),
  };
}

/** All that there is to know about an image. */
export function imageInspect(daemon: Daemon, image: Image): ImageInspect {
  const { config } = image;
  const references = daemon.references.of(image.id);
  const chain = daemon.layers.chain(image.top).map(layer => daemon.layers.filesOf(layer));
  const [upper = "", ...lower] = chain;
  const base = upper.replace(/\/diff$/, "");
  return {
    Id: image.id,
    RepoTags: tagsOf(references),
    RepoDigests: digestsOf(references),
    Parent: image.parent ?? "",
    Comment: config.comment ?? "",
    ...(config.created === undefined ? {} : { Created: config.created }),
    DockerVersion: config.docker_version ?? "",
    Author: config.author ?? "",
    Config: config.config ?? null,
    Architecture: config.architecture,
    ...(config.variant === undefined ? {} : { Variant: config.variant }),
    Os: config.os,
    Size: imageSize(daemon, image),
    GraphDriver: {
      Data: {
        ...(lower.length > 0 ? { LowerDir: lower.join(":") } : {}),
        MergedDir: `${base}/merged`,
        UpperDir: upper,
        WorkDir: `${base}/work`,
      },
      Name: "overlay2",
    },
    RootFS: { Type: "layers", Layers: config.rootfs.diff_ids },
    Metadata: { LastTagTime: daemon.images.tagTime(image) ?? NEVER },
  };
}

/** An image's steps, the last first. Only the last has an id, unless images below it are here too. */
export function imageHistory(daemon: Daemon, image: Image): ImageHistoryItem[] {
  const sizes = daemon.layers
    .chain(image.top)
    .map(layer => layer.size)
    .toReversed();
  const ids = [image.id];
  for (let { parent } = image; parent !== null; parent = daemon.images.get(parent)?.parent ?? null)
    ids.push(parent);
  let layer = 0;
  const items = (image.config.history ?? []).map(entry => ({
    Comment: entry.comment ?? "",
    Created: seconds(entry.created),
    CreatedBy: entry.created_by ?? "",
    Size: entry.empty_layer ? 0 : (sizes[layer++] ?? 0),
  }));
  return items.toReversed().map((item, index) => {
    const id = ids[index];
    const tags = id === undefined ? [] : tagsOf(daemon.references.of(id));
    return { ...item, Id: id ?? "<missing>", Tags: tags.length > 0 ? tags : null };
  });
}
