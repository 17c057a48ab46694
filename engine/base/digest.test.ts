import { describe, expect, it } from "vitest";
import { isDigest, validateDigest } from "./digest.ts";

const hex = "0123456789abcdef".repeat(4);

describe("digests", () => {
  it.each([`sha256:${hex}`, `sha384:${hex}${hex.slice(32)}`, `sha512:${hex}${hex}`])("%s is one", text => {
    expect(isDigest(text)).toBe(true);
    expect(() => validateDigest(text)).not.toThrow();
  });

  it.each([
    ["", "invalid checksum digest format"],
    [hex, "invalid checksum digest format"],
    ["sha256:", "invalid checksum digest format"],
    [`sha256:${hex.toUpperCase()}`, "invalid checksum digest format"],
    ["sha256:abc", "invalid checksum digest length"],
    ["md5:d41d8cd98f00b204e9800998ecf8427e", "unsupported digest algorithm"],
    ["MD5:abc", "invalid checksum digest format"],
  ])("%s is none", (text, message) => {
    expect(isDigest(text)).toBe(false);
    expect(() => validateDigest(text)).toThrow(message);
  });
});
