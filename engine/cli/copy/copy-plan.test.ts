import { expect, it } from "vitest";
import { planCopy, splitEntry } from "./copy-plan.ts";

const file = { path: "/src/f", isDirectory: false, name: "f" };
const directory = { path: "/src/d", isDirectory: true, name: "d" };
const contents = { path: "/src/d/.", isDirectory: true, name: "." };

it.each([
  ["a file into a directory", file, "directory", "/to/", { directory: "/to/", name: "f" }],
  ["a file over another", file, "other", "/to/g", { directory: "/to", name: "g" }],
  ["a file under a new name", file, "absent", "/to/g", { directory: "/to", name: "g" }],
  ["a directory into another", directory, "directory", "/to", { directory: "/to", name: "d" }],
  ["a directory under a new name", directory, "absent", "/to/e", { directory: "/to", name: "e" }],
  [
    "a directory under a new name with a slash",
    directory,
    "absent",
    "/to/e/",
    { directory: "/to", name: "e" },
  ],
  ["what a directory holds into another", contents, "directory", "/to", { directory: "/to", name: "." }],
  ["what a directory holds as a new one", contents, "absent", "/e", { directory: "/", name: "e" }],
] as const)("%s", (_, source, kind, path, plan) => {
  expect(planCopy(source, { kind, path })).toEqual(plan);
});

it.each([
  ["a directory over a file", directory, "other", "/to/f", "cannot copy directory"],
  ["a file as a new directory", file, "absent", "/to/", "no such directory"],
  ["a file into what a missing directory holds", file, "absent", "/to/.", "no such directory"],
] as const)("not %s", (_, source, kind, path, message) => {
  expect(() => planCopy(source, { kind, path })).toThrow(message);
});

it.each([
  ["/a/b/", { directory: "/a", name: "b" }],
  ["/a/b/./", { directory: "/a/b", name: "." }],
  ["/", { directory: "/", name: "/" }],
])("splitEntry(%j)", (path, parts) => {
  expect(splitEntry(path)).toEqual(parts);
});
