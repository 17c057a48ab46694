import { expect, test } from "vitest";
import { encodeFilters, withQuery } from "./query.ts";

test("what is unset is left out", () => {
  expect(withQuery("/x", { all: true, size: false, name: "", limit: 3, t: undefined, zero: 0 })).toBe(
    "/x?all=1&limit=3&zero=0",
  );
});

test("values are escaped", () => {
  expect(withQuery("/x", { name: "a b&c/d" })).toBe("/x?name=a%20b%26c%2Fd");
});

test("filters become JSON", () => {
  expect(encodeFilters(new Map())).toBeUndefined();
  expect(encodeFilters(new Map([["name", ["a", "b"]]]))).toBe('{"name":["a","b"]}');
});
