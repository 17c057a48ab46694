import { describe, expect, it } from "vitest";
import {
  familiarString,
  formatReference,
  isNameOnly,
  matchesFamiliar,
  parseCanonical,
  parseFamiliar,
  parseImageArgument,
  parseReference,
  trimReference,
  withDefaultTag,
  withDigest,
  withTag,
} from "./reference.ts";

const hex = "0123456789abcdef".repeat(4);

describe("parseFamiliar", () => {
  it.each([
    ["redis", "docker.io/library/redis", "redis"],
    ["redis:7", "docker.io/library/redis:7", "redis:7"],
    ["index.docker.io/redis", "docker.io/library/redis", "redis"],
    ["localhost/redis", "localhost/redis", "localhost/redis"],
    ["localhost:5000/a/b:c", "localhost:5000/a/b:c", "localhost:5000/a/b:c"],
    [`redis:7@sha256:${hex}`, `docker.io/library/redis:7@sha256:${hex}`, `redis:7@sha256:${hex}`],
  ])("%s", (text, normal, familiar) => {
    const reference = parseFamiliar(text);
    expect(formatReference(reference)).toBe(normal);
    expect(familiarString(reference)).toBe(familiar);
  });

  it.each([
    ["", "invalid reference format"],
    ["UPPER", "invalid reference format: repository name (library/UPPER) must be lowercase"],
    ["foo/Bar:x", "invalid reference format: repository name (foo/Bar) must be lowercase"],
    ["a b", "invalid reference format"],
    ["name:", "invalid reference format"],
    [hex, `invalid repository name (${hex}), cannot specify 64-byte hexadecimal strings`],
    [`a@sha256:${hex.slice(1)}`, "invalid checksum digest length"],
    [`x/${"a".repeat(256)}`, "repository name must not be more than 255 characters"],
  ])("refuses %j", (text, message) => {
    expect(() => parseFamiliar(text)).toThrow(expect.objectContaining({ kind: "invalid", message }));
  });
});

describe("other parsers", () => {
  it("by grammar alone keep what is given", () => {
    expect(parseReference("redis")).toMatchObject({ domain: "", path: "redis" });
    expect(() => parseReference("")).toThrow("repository name must have at least one component");
    expect(() => parseReference("UPPER")).toThrow("repository name must be lowercase");
  });
  it("of stored names insist on the normal form", () => {
    expect(parseCanonical("docker.io/library/redis").path).toBe("library/redis");
    expect(() => parseCanonical("redis")).toThrow("repository name must be canonical");
  });
  it("of arguments take ids", () => {
    expect(parseImageArgument(hex)).toEqual({ kind: "digest", digest: `sha256:${hex}` });
    expect(parseImageArgument(`sha256:${hex}`)).toEqual({ kind: "digest", digest: `sha256:${hex}` });
    expect(parseImageArgument("abc")).toMatchObject({ kind: "name", reference: { path: "library/abc" } });
  });
});

describe("changes", () => {
  const redis = parseFamiliar("redis");
  it("add and remove parts", () => {
    expect(familiarString(withDefaultTag(redis))).toBe("redis:latest");
    const pinned = withDigest(withTag(redis, "7"), `sha256:${hex}`);
    expect(familiarString(pinned)).toBe(`redis:7@sha256:${hex}`);
    expect(withDefaultTag(pinned)).toBe(pinned);
    expect(isNameOnly(trimReference(pinned))).toBe(true);
  });
  it("check the parts", () => {
    expect(() => withTag(redis, "a b")).toThrow("invalid tag format");
    expect(() => withDigest(redis, "sha256:1")).toThrow("invalid digest format");
  });
  it("matches with and without the tag", () => {
    expect(matchesFamiliar("red*", parseFamiliar("redis:7"))).toBe(true);
    expect(matchesFamiliar("redis:8", parseFamiliar("redis:7"))).toBe(false);
    expect(() => matchesFamiliar("[", redis)).toThrow("syntax error in pattern");
  });
});
