import type { ImageSummary } from "../api/image.ts";
import { EngineError } from "../base/errors.ts";
import { type Filters, hasLabel } from "../base/filters.ts";
import { matchesFamiliar, type Reference } from "../base/reference.ts";
import type { Image } from "../image/image-store.ts";
import type { Daemon } from "./daemon.ts";
import { imageSummary } from "./image-view.ts";
import { resolveImage } from "./resolve-image.ts";

const KEYS = ["before", "dangling", "label", "reference", "since", "until"];

function createdMs(image: Image): number {
  return Date.parse(image.config.created ?? "0001-01-01T00:00:00Z");
}

function passes(daemon: Daemon, image: Image, filters: Filters): boolean {
  const made = createdMs(image);
  return (
    filters.every("label", wanted => hasLabel(image.config.config?.Labels, wanted)) &&
    filters.every("before", wanted => made < createdMs(resolveImage(daemon, wanted))) &&
    filters.every("since", wanted => made > createdMs(resolveImage(daemon, wanted)))
  );
}

/** Reduces an image's names to those that the reference filter asks for; null where none is left. */
function filterNames(summary: ImageSummary, references: readonly Reference[], patterns: readonly string[]) {
  const tags = references.filter(({ tag }) => tag !== undefined);
  const matching = tags.filter(reference => patterns.some(pattern => matchesFamiliar(pattern, reference)));
  if (matching.length === 0) return null;
  return {
    ...summary,
    RepoTags: summary.RepoTags.filter((_, index) => matching.includes(tags[index] ?? tags[0]!)),
  };
}

/** Images as `docker images` lists them, the newest first; `all` includes those that only serve as parents. */
export function listImages(daemon: Daemon, all: boolean, filters: Filters): ImageSummary[] {
  filters.checkKeys(KEYS);
  if (filters.has("until")) throw new EngineError("invalid", "invalid filter 'until'");
  const dangling = filters.flag("dangling");
  const found: ImageSummary[] = [];
  for (const image of daemon.images.all()) {
    if (!passes(daemon, image, filters)) continue;
    const summary = imageSummary(daemon, image);
    const isDangling = summary.RepoTags.length === 0;
    const isParent = daemon.images.children(image).length > 0;
    if (dangling !== undefined && (isDangling && !isParent) !== dangling) continue;
    if (!all && dangling === undefined && isDangling && isParent) continue;
    const named = filters.has("reference")
      ? filterNames(summary, daemon.references.of(image.id), filters.get("reference"))
      : summary;
    if (named) found.push(named);
  }
  return found.toSorted((a, b) => b.Created - a.Created);
}
