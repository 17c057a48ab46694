/** Content digests, `algorithm:hex`, after github.com/opencontainers/go-digest. */
import { EngineError } from "./errors.ts";

const hexLengths: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };
const generalSyntax = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/;

/** Whether `text` is a digest of an algorithm that Docker knows. */
export function isDigest(text: string): boolean {
  return faultOf(text) === undefined;
}

/** Fails when `text` is not a digest of an algorithm that Docker knows, saying what is wrong with it. */
export function validateDigest(text: string): void {
  const fault = faultOf(text);
  if (fault !== undefined) throw new EngineError("invalid", fault);
}

function faultOf(text: string): string | undefined {
  const colon = text.indexOf(":");
  if (colon <= 0 || colon === text.length - 1) return "invalid checksum digest format";
  const algorithm = text.slice(0, colon);
  const encoded = text.slice(colon + 1);
  const length = Object.hasOwn(hexLengths, algorithm) ? hexLengths[algorithm] : undefined;
  if (length === undefined) {
    return generalSyntax.test(text) ? "unsupported digest algorithm" : "invalid checksum digest format";
  }
  if (encoded.length !== length) return "invalid checksum digest length";
  return /^[a-f0-9]*$/.test(encoded) ? undefined : "invalid checksum digest format";
}
