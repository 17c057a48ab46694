import { EngineError } from "../base/errors.ts";
import {
  familiarName,
  familiarString,
  parseFamiliar,
  type Reference,
  withDefaultTag,
  withDigest,
  withTag,
} from "../base/reference.ts";
import type { Platform } from "../image/manifest.ts";
import type { ProgressMessage } from "../image/pull-progress.ts";
import type { Daemon } from "./daemon.ts";

const SYSTEMS = new Set(["linux", "windows", "darwin", "freebsd"]);
const ARCHITECTURES = new Set([
  "386",
  "amd64",
  "arm",
  "arm64",
  "ppc64le",
  "riscv64",
  "s390x",
  "loong64",
  "mips64le",
]);
const SYNONYMS: Readonly<Record<string, string>> = {
  x86_64: "amd64",
  "x86-64": "amd64",
  i386: "386",
  i686: "386",
  aarch64: "arm64",
};

/**
 * "linux/386", or one of the two, as a platform; empty means the engine's own. Throws "invalid" where it is none
 * (github.com/containerd/platforms).
 */
export function parsePlatform(daemon: Daemon, text: string): Platform {
  if (text === "") return daemon.platform;
  const [first = "", second, variant, ...rest] = text.toLowerCase().split("/");
  if (rest.length > 0)
    throw new EngineError("invalid", `"${text}": cannot parse platform specifier: invalid argument`);
  if (second !== undefined)
    return { os: first, architecture: SYNONYMS[second] ?? second, ...(variant ? { variant } : {}) };
  if (SYSTEMS.has(first)) return { ...daemon.platform, os: first };
  const architecture = SYNONYMS[first] ?? first;
  if (ARCHITECTURES.has(architecture)) return { os: daemon.platform.os, architecture };
  throw new EngineError("invalid", `"${text}": unknown operating system or architecture: invalid argument`);
}

/** The reference that the API's `fromImage` and `tag` mean; a tag may be a digest. */
export function pullReference(name: string, tag: string): Reference {
  const reference = parseFamiliar(name);
  if (tag === "") return withDefaultTag(reference);
  if (tag.includes(":")) return withDigest({ ...reference, tag: undefined }, tag);
  return withTag({ ...reference, digest: undefined }, tag);
}

/** Pulls an image, reporting as Docker does. Throws in Docker's words. */
export async function pullImage(
  daemon: Daemon,
  reference: Reference,
  platform: Platform,
  report: (message: ProgressMessage) => void,
): Promise<void> {
  const { digest, changed } = await daemon.puller.pull(reference, platform, report);
  report({ status: `Digest: ${digest}` });
  const shown = familiarString(reference);
  report({
    status: changed
      ? `Status: Downloaded newer image for ${shown}`
      : `Status: Image is up to date for ${shown}`,
  });
  daemon.events.publish("image", "pull", shown, { name: familiarName(reference) }, true);
}
