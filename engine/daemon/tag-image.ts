import { EngineError } from "../base/errors.ts";
import { familiarString, parseFamiliar, withDefaultTag, withTag } from "../base/reference.ts";
import type { Daemon } from "./daemon.ts";
import { resolveImage } from "./resolve-image.ts";

/** Gives an image another name. */
export function tagImage(daemon: Daemon, source: string, repository: string, tag: string): void {
  const image = resolveImage(daemon, source);
  const parsed = parseFamiliar(repository);
  if (parsed.digest !== undefined)
    throw new EngineError("invalid", "refusing to create a tag with a digest reference");
  const reference = tag === "" ? withDefaultTag(parsed) : withTag(parsed, tag);
  daemon.references.set(reference, image.id);
  daemon.images.setTagTime(image, daemon.sys.clock.timestamp());
  daemon.events.publish("image", "tag", image.id, { name: familiarString(reference) }, true);
}
