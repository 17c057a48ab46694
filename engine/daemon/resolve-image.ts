import { EngineError } from "../base/errors.ts";
import { parseFamiliar, type Reference, withDefaultTag, familiarString } from "../base/reference.ts";
import type { Image } from "../image/image-store.ts";
import type { Daemon } from "./daemon.ts";

const ID_PREFIX = /^(sha256:)?[0-9a-f]{1,64}$/;

/** The image that a name, a digest or the start of an id means. Throws "not-found" in Docker's words. */
export function resolveImage(daemon: Daemon, name: string): Image {
  const { images, references } = daemon;
  const whole = name.startsWith("sha256:") ? name : `sha256:${name}`;
  const exact = images.get(whole);
  if (exact) return exact;
  const reference = parseIfReference(name);
  if (reference) {
    const id = references.get(withDefaultTag(reference));
    const image = id === undefined ? undefined : images.get(id);
    if (image) return image;
  }
  const byPrefix = ID_PREFIX.test(name) ? images.findByPrefix(name) : undefined;
  if (byPrefix) return byPrefix;
  throw new EngineError("not-found", `No such image: ${shownName(name, reference)}`);
}

function parseIfReference(name: string): Reference | null {
  try {
    return parseFamiliar(name);
  } catch (error) {
    if (ID_PREFIX.test(name)) return null;
    throw error;
  }
}

function shownName(name: string, reference: Reference | null): string {
  return reference ? familiarString(withDefaultTag(reference)) : name;
}
