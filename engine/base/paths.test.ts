import { expect, it } from "vitest";
import { baseName, cleanPath, directedPath, isLocalPath, isWithin, parentPath } from "./paths.ts";

it.each([
  ["", "."],
  ["/", "/"],
  ["//a//b/./c/..", "/a/b"],
  ["/../..", "/"],
  ["a/../..", ".."],
  ["../../a", "../../a"],
  ["./a/", "a"],
])("cleanPath(%j)", (path, clean) => {
  expect(cleanPath(path)).toBe(clean);
});

it.each([
  ["/a/", "/a/"],
  ["/a/.", "/a/."],
  ["/a/./", "/a/./"],
  ["/a//b/..", "/a"],
  ["/", "/"],
  ["/.", "/."],
  ["/a.", "/a."],
])("directedPath(%j)", (path, directed) => {
  expect(directedPath(path)).toBe(directed);
});

it.each([
  ["/a/b", "b", "/a"],
  ["/a", "a", "/"],
  ["a", "a", "."],
  ["/", "/", "/"],
])("the parts of %j", (path, base, parent) => {
  expect(baseName(path)).toBe(base);
  expect(parentPath(path)).toBe(parent);
});

it("isWithin goes by whole names", () => {
  expect(isWithin("/a/b", "/a")).toBe(true);
  expect(isWithin("/a", "/a")).toBe(true);
  expect(isWithin("/ab", "/a")).toBe(false);
  expect(isWithin("/ab", "/")).toBe(true);
});

it("isLocalPath refuses what leads out", () => {
  expect(["a", "a/../b", "./a"].map(isLocalPath)).toEqual([true, true, true]);
  expect(["", "/a", "..", "a/../..", "../a"].map(isLocalPath)).toEqual([false, false, false, false, false]);
});
