import { expect, test } from "vitest";
import { Scope } from "./scope.ts";

test("the end disposes of what is owned, once", () => {
  const scope = new Scope();
  const disposed: string[] = [];
  scope.own(() => disposed.push("a"));
  scope.own(() => disposed.push("b"));
  scope.end();
  scope.end();
  expect(disposed).toEqual(["a", "b"]);
  expect(scope.ended).toBe(true);
});

test("what was taken back is left alone", () => {
  const scope = new Scope();
  const disposed: string[] = [];
  const release = scope.own(() => disposed.push("a"));
  release();
  scope.end();
  expect(disposed).toEqual([]);
});

test("what comes after the end is disposed of at once", () => {
  const scope = new Scope();
  scope.end();
  let disposed = false;
  scope.own(() => (disposed = true));
  expect(disposed).toBe(true);
});
