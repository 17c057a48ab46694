/**
 * Image references after github.com/distribution/reference: `[domain/]path[:tag][@digest]`. Docker shows the
 * familiar form (`redis`) and works with the normalised one (`docker.io/library/redis`).
 */
import { isDigest, validateDigest } from "./digest.ts";
import { EngineError } from "./errors.ts";
import { matchPath } from "./path-match.ts";
import {
  digestSyntax,
  identifierSyntax,
  nameSyntax,
  referenceSyntax,
  tagSyntax,
} from "./reference-grammar.ts";

/** A parsed reference. `domain` is empty only in what {@link parseReference} returns. */
export interface Reference {
  readonly domain: string;
  readonly path: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

export const defaultDomain = "docker.io";
export const defaultTag = "latest";
const legacyDomain = "index.docker.io";
const officialPrefix = "library/";
const longestPath = 255;

/** Parses by grammar alone: no domain and no `library/` is added. */
export function parseReference(text: string): Reference {
  const match = referenceSyntax.exec(text);
  if (match === null) throw syntaxError(text);
  const [, name = "", tag, digest] = match;
  const { domain, path } = splitName(name);
  if (path.length > longestPath) {
    throw new EngineError("invalid", `repository name must not be more than ${longestPath} characters`);
  }
  if (digest !== undefined) validateDigest(digest);
  return { domain, path, tag, digest };
}

/** Parses what a user types, adding `docker.io` and `library/` where they are left out. */
export function parseFamiliar(text: string): Reference {
  if (identifierSyntax.test(text)) {
    const rule = "cannot specify 64-byte hexadecimal strings";
    throw new EngineError("invalid", `invalid repository name (${text}), ${rule}`);
  }
  const { domain, remainder } = splitFamiliar(text);
  const [remote = ""] = remainder.split(":", 1);
  if (remote.toLowerCase() !== remote) {
    const fault = `repository name (${remote}) must be lowercase`;
    throw new EngineError("invalid", `invalid reference format: ${fault}`);
  }
  return parseReference(`${domain}/${remainder}`);
}

/** Parses a reference that must be in normalised form already, as stored ones are. */
export function parseCanonical(text: string): Reference {
  const reference = parseFamiliar(text);
  if (formatReference(reference) !== text) {
    throw new EngineError("invalid", "repository name must be canonical");
  }
  return reference;
}

/** Parses what names exactly one image: the tag is `latest` by default and dropped beside a digest. */
export function parsePinned(text: string): Reference {
  const reference = parseFamiliar(text);
  if (reference.tag === undefined || reference.digest === undefined) return withDefaultTag(reference);
  return { ...reference, tag: undefined };
}

/** What a user may give where an image is asked for: a name, or the digest or full id of an image. */
export type ImageArgument =
  | { readonly kind: "name"; readonly reference: Reference }
  | { readonly kind: "digest"; readonly digest: string };

/** Parses a full id, a digest, or else a familiar name. */
export function parseImageArgument(text: string): ImageArgument {
  if (identifierSyntax.test(text)) return { kind: "digest", digest: `sha256:${text}` };
  if (isDigest(text)) return { kind: "digest", digest: text };
  return { kind: "name", reference: parseFamiliar(text) };
}

/** The name without tag and digest. */
export function nameOf(reference: Reference): string {
  return reference.domain === "" ? reference.path : `${reference.domain}/${reference.path}`;
}

/** The whole reference in normalised form. */
export function formatReference(reference: Reference): string {
  return nameOf(reference) + suffixOf(reference);
}

/** The name as Docker shows it: without `docker.io/` and, for official images, `library/`. */
export function familiarName(reference: Reference): string {
  const { domain, path } = reference;
  if (domain !== defaultDomain) return nameOf(reference);
  const official = path.startsWith(officialPrefix) ? path.slice(officialPrefix.length) : path;
  return official.includes("/") ? path : official;
}

/** The whole reference as Docker shows it. */
export function familiarString(reference: Reference): string {
  return familiarName(reference) + suffixOf(reference);
}

/** Whether the familiar form, with or without tag and digest, matches a pattern of {@link matchPath}. */
export function matchesFamiliar(pattern: string, reference: Reference): boolean {
  return matchPath(pattern, familiarString(reference)) || matchPath(pattern, familiarName(reference));
}

/** Whether there is neither a tag nor a digest. */
export function isNameOnly(reference: Reference): boolean {
  return reference.tag === undefined && reference.digest === undefined;
}

/** `reference` with the tag `latest` when it has neither tag nor digest. */
export function withDefaultTag(reference: Reference): Reference {
  return isNameOnly(reference) ? { ...reference, tag: defaultTag } : reference;
}

/** `reference` with another tag. */
export function withTag(reference: Reference, tag: string): Reference {
  if (!tagSyntax.test(tag)) throw new EngineError("invalid", "invalid tag format");
  return { ...reference, tag };
}

/** `reference` with another digest. */
export function withDigest(reference: Reference, digest: string): Reference {
  if (!digestSyntax.test(digest)) throw new EngineError("invalid", "invalid digest format");
  return { ...reference, digest };
}

/** `reference` without tag and digest. */
export function trimReference(reference: Reference): Reference {
  return { ...reference, tag: undefined, digest: undefined };
}

function suffixOf({ tag, digest }: Reference): string {
  return (tag === undefined ? "" : `:${tag}`) + (digest === undefined ? "" : `@${digest}`);
}

function splitName(name: string): { domain: string; path: string } {
  const [, domain = "", path = name] = nameSyntax.exec(name) ?? [];
  return { domain, path };
}

/** Tells a leading domain from a leading path component, as Docker Hub's history demands. */
function splitFamiliar(text: string): { domain: string; remainder: string } {
  const slash = text.indexOf("/");
  const first = text.slice(0, Math.max(slash, 0));
  const isDomain = first === "localhost" || /[.:]/.test(first) || first.toLowerCase() !== first;
  const domain = !isDomain || first === legacyDomain ? defaultDomain : first;
  const remainder = isDomain ? text.slice(slash + 1) : text;
  const isOfficial = domain === defaultDomain && !remainder.includes("/");
  return { domain, remainder: isOfficial ? officialPrefix + remainder : remainder };
}

function syntaxError(text: string): EngineError {
  if (text === "") return new EngineError("invalid", "repository name must have at least one component");
  const isTooLoud = referenceSyntax.test(text.toLowerCase());
  return new EngineError(
    "invalid",
    isTooLoud ? "repository name must be lowercase" : "invalid reference format",
  );
}
