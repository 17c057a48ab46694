import type { ImageDeleteItem } from "../api/image.ts";
import { EngineError } from "../base/errors.ts";
import { shortId } from "../base/identifier.ts";
import { familiarString, nameOf, parseFamiliar, type Reference, withDefaultTag } from "../base/reference.ts";
import type { Container } from "../container/container.ts";
import { isRunning } from "../container/state.ts";
import type { Image } from "../image/image-store.ts";
import type { Daemon } from "./daemon.ts";
import { resolveImage } from "./resolve-image.ts";

export interface RemoveOptions {
  readonly force: boolean;
  /** Leaves parents without names alone. */
  readonly noPrune: boolean;
}

/** Why an image cannot go; a soft reason counts for nothing where the removal is forced. */
interface Conflict {
  readonly hard: boolean;
  /** A container needs it. */
  readonly used: boolean;
  readonly reason: string;
}

/** Soft reasons that are looked at. */
interface Softness {
  readonly references: boolean;
  readonly stopped: boolean;
}

const EVERYTHING: Softness = { references: true, stopped: true };
const NOTHING: Softness = { references: false, stopped: false };

function usersOf(daemon: Daemon, image: Image): Container[] {
  return daemon.containers.all().filter(container => container.imageId === image.id);
}

function findConflict(daemon: Daemon, image: Image, soft: Softness): Conflict | null {
  if (daemon.images.children(image).length > 0)
    return { hard: true, used: false, reason: "image has dependent child images" };
  const users = usersOf(daemon, image);
  const running = users.find(container => isRunning(container.state.status));
  if (running) {
    const reason = `image is being used by running container ${shortId(running.id)}`;
    return { hard: true, used: true, reason };
  }
  if (soft.references && daemon.references.of(image.id).length > 0)
    return { hard: false, used: false, reason: "image is referenced in multiple repositories" };
  const [stopped] = users;
  if (soft.stopped && stopped) {
    const reason = `image is being used by stopped container ${shortId(stopped.id)}`;
    return { hard: false, used: true, reason };
  }
  return null;
}

function conflictError(image: Image, { hard, reason }: Conflict): EngineError {
  const what = hard ? "cannot be forced" : "must be forced";
  return new EngineError("conflict", `conflict: unable to delete ${shortId(image.id)} (${what}) - ${reason}`);
}

/** Whether references are one tag of one repository, with digests of the same, or nothing but those. */
function isSingle(references: readonly Reference[]): boolean {
  if (references.length <= 1) return references.length === 1;
  const tags = references.filter(({ digest }) => digest === undefined);
  if (tags.length > 1) return false;
  const pinned = new Set(references.filter(({ digest }) => digest !== undefined).map(nameOf));
  const [single = references[0]] = tags;
  return pinned.size === 1 && single !== undefined && pinned.has(nameOf(single));
}

function publish(daemon: Daemon, action: string, image: Image): void {
  daemon.events.publish("image", action, image.id, { name: image.id }, true);
}

function untagged(reference: Reference): ImageDeleteItem {
  return { Untagged: familiarString(reference) };
}

/**
 * Takes one name away, and the digests of its repository with its last tag there. Returns what was taken; `left`
 * tells whether the image has other names.
 */
function removeReference(
  daemon: Daemon,
  image: Image,
  reference: Reference,
): { items: ImageDeleteItem[]; left: boolean } {
  const others = daemon.references
    .of(image.id)
    .filter(other => familiarString(other) !== familiarString(reference));
  const sameName = others.filter(other => nameOf(other) === nameOf(reference));
  const isLastTag = reference.digest === undefined && sameName.every(({ digest }) => digest !== undefined);
  const taken = isLastTag ? [reference, ...sameName] : [reference];
  daemon.references.remove(...taken);
  publish(daemon, "untag", image);
  return { items: taken.map(untagged), left: others.length > taken.length - 1 };
}

/** Deletes an image with its names, and then its parents as long as nothing needs them. */
function deleteImage(
  daemon: Daemon,
  image: Image,
  options: RemoveOptions,
  quiet: boolean,
): ImageDeleteItem[] {
  const conflict = findConflict(daemon, image, options.force ? NOTHING : EVERYTHING);
  if (conflict) {
    const isDangling =
      daemon.references.of(image.id).length === 0 && daemon.images.children(image).length === 0;
    // Its name is gone already; that something holds on to the rest is no failure, unless nobody could find it again.
    if (quiet && (!isDangling || conflict.used)) return [];
    throw conflictError(image, conflict);
  }
  // The image first: on a full disk, that makes the room that the list of names takes.
  const references = daemon.references.of(image.id);
  const layers = daemon.images.remove(image);
  daemon.references.remove(...references);
  for (const _ of references) publish(daemon, "untag", image);
  publish(daemon, "delete", image);
  const items: ImageDeleteItem[] = [
    ...references.map(untagged),
    { Deleted: image.id },
    ...layers.map(layer => ({ Deleted: layer.chainId })),
  ];
  const parent = image.parent === null ? undefined : daemon.images.get(image.parent);
  if (!parent || options.noPrune) return items;
  return [...items, ...deleteImage(daemon, parent, { force: false, noPrune: false }, true)];
}

function isIdPrefix(image: Image, text: string): boolean {
  return image.id.startsWith(text) || image.id.startsWith(`sha256:${text}`);
}

/**
 * `docker rmi`: takes a name away, and the image with its last name; by id, the image with all its names. Throws
 * "conflict" where something still needs it.
 */
export function removeImage(daemon: Daemon, name: string, options: RemoveOptions): ImageDeleteItem[] {
  const image = resolveImage(daemon, name);
  const references = daemon.references.of(image.id);
  if (isIdPrefix(image, name)) {
    // One name, perhaps with its digests, goes with the image without being forced.
    if (!isSingle(references)) return deleteImage(daemon, image, options, false);
    const conflict = findConflict(daemon, image, { references: false, stopped: !options.force });
    if (conflict) throw conflictError(image, conflict);
    return deleteImage(daemon, image, { ...options, force: true }, false);
  }
  const [user] = usersOf(daemon, image);
  if (!options.force && user && isSingle(references))
    throw new EngineError(
      "conflict",
      `conflict: unable to remove repository reference ${JSON.stringify(name)} (must force) - container ` +
        `${shortId(user.id)} is using its referenced image ${shortId(image.id)}`,
    );
  const { items, left } = removeReference(daemon, image, withDefaultTag(parseFamiliar(name)));
  return left ? items : [...items, ...deleteImage(daemon, image, options, true)];
}
