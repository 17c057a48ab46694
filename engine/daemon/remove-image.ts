import type { ImageDeleteItem } from "../api/image.ts";
import { EngineError } from "../base/errors.ts";
import {
  familiarName,
  familiarString,
  parseFamiliar,
  type Reference,
  withDefaultTag,
} from "../base/reference.ts";
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

const SHORT = 12;

function shortId(id: string): string {
  return id.slice("sha256:".length, "sha256:".length + SHORT);
}

function untag(daemon: Daemon, image: Image, reference: Reference): ImageDeleteItem {
  daemon.references.remove(reference);
  publish(daemon, "untag", image);
  const Untagged =
    reference.digest === undefined
      ? familiarString(reference)
      : `${familiarName(reference)}@${reference.digest}`;
  return { Untagged };
}

function publish(daemon: Daemon, action: string, image: Image): void {
  daemon.events.publish("image", action, image.id, { name: image.id }, true);
}

function usersOf(daemon: Daemon, image: Image): Container[] {
  return daemon.containers.all().filter(container => container.imageId === image.id);
}

/** What a name given to `docker rmi` is: a reference of the image's, or null for an id. */
function asReference(daemon: Daemon, name: string, image: Image): Reference | null {
  try {
    const reference = withDefaultTag(parseFamiliar(name));
    return daemon.references.get(reference) === image.id ? reference : null;
  } catch {
    return null;
  }
}

/** Throws "conflict" in Docker's words where containers need the image. */
function checkUnused(daemon: Daemon, image: Image, force: boolean): void {
  const users = usersOf(daemon, image);
  const running = users.find(container => isRunning(container.state.status));
  const conflict = (what: string, reason: string): EngineError =>
    new EngineError("conflict", `conflict: unable to delete ${shortId(image.id)} (${what}) - ${reason}`);
  if (running)
    throw conflict(
      "cannot be forced",
      `image is being used by running container ${running.id.slice(0, SHORT)}`,
    );
  const [stopped] = users;
  if (stopped && !force)
    throw conflict(
      "must be forced",
      `image is being used by stopped container ${stopped.id.slice(0, SHORT)}`,
    );
  if (daemon.images.children(image).length > 0)
    throw conflict("cannot be forced", "image has dependent child images");
}

function deleteImage(daemon: Daemon, image: Image, options: RemoveOptions): ImageDeleteItem[] {
  const items = daemon.references.of(image.id).map(reference => untag(daemon, image, reference));
  const layers = daemon.images.remove(image);
  publish(daemon, "delete", image);
  items.push({ Deleted: image.id }, ...layers.map(layer => ({ Deleted: layer.chainId })));
  const parent = image.parent === null ? undefined : daemon.images.get(image.parent);
  const keep =
    options.noPrune ||
    !parent ||
    daemon.references.of(parent.id).length > 0 ||
    daemon.images.children(parent).length > 0 ||
    usersOf(daemon, parent).length > 0;
  if (!keep) items.push(...deleteImage(daemon, parent, options));
  return items;
}

/**
 * `docker rmi`: takes a name away, and the image with its last name; by id, the image with all its names. Throws
 * "conflict" where something still needs it.
 */
export function removeImage(daemon: Daemon, name: string, options: RemoveOptions): ImageDeleteItem[] {
  const image = resolveImage(daemon, name);
  const references = daemon.references.of(image.id);
  const tags = references.filter(({ tag }) => tag !== undefined);
  const reference = asReference(daemon, name, image);
  if (!reference) {
    const repositories = new Set(references.map(familiarName));
    if (repositories.size > 1 && !options.force)
      throw new EngineError(
        "conflict",
        `conflict: unable to delete ${shortId(image.id)} (must be forced) - image is referenced in multiple repositories`,
      );
    checkUnused(daemon, image, options.force);
    return deleteImage(daemon, image, options);
  }
  const last = tags.length === 1 && tags[0]?.tag === reference.tag && reference.tag !== undefined;
  if (!last && references.length > 1 && (tags.length > 1 || reference.tag === undefined))
    return [untag(daemon, image, reference)];
  const users = usersOf(daemon, image);
  if (users.length > 0 && !options.force) {
    const [user] = users;
    throw new EngineError(
      "conflict",
      `conflict: unable to remove repository reference "${name}" (must force) - container ` +
        `${user?.id.slice(0, SHORT)} is using its referenced image ${shortId(image.id)}`,
    );
  }
  if (users.length > 0) return references.map(held => untag(daemon, image, held));
  checkUnused(daemon, image, options.force);
  return deleteImage(daemon, image, options);
}
