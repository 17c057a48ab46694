import { describe, expect, it } from "vitest";
import { matchPath } from "./path-match.ts";

describe("matchPath", () => {
  it.each<[string, string, boolean]>([
    ["abc", "abc", true],
    ["*", "abc", true],
    ["*", "a/c", false],
    ["a*/b", "abc/b", true],
    ["a?c", "abc", true],
    ["a?c", "a/c", false],
    ["a[b-d]e", "ace", true],
    ["a[^b-d]e", "ace", false],
    ["[^a]", "/", true],
    ["[z-a]", "b", false],
    ["[^z-a]", "b", true],
    ["\\*", "*", true],
    ["\\*", "a", false],
    ["[\\-x]", "-", true],
    ["a.c", "abc", false],
    ["日?", "日本", true],
    ["", "", true],
    ["", "a", false],
    ["a\nb", "a\nb", true],
  ])("%j against %j: %s", (pattern, name, matches) => expect(matchPath(pattern, name)).toBe(matches));

  it.each(["[", "[]", "[a", "[-x]", "[x-]", "a\\", "[^]"])("refuses %s", pattern => {
    expect(() => matchPath(pattern, "a")).toThrow("syntax error in pattern");
  });
});
