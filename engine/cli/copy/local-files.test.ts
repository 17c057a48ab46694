import { beforeEach, describe, expect, it } from "vitest";
import { fakeSys } from "../../sys/fake/sys.ts";
import { absolutePath, checkOutputPath, localSource, localTarget } from "./local-files.ts";

const { files } = fakeSys();

beforeEach(() => {
  files.removeTree("/home");
  files.removeTree("/dev");
  files.seed({ "/home/d/f": "1", "/home/d/e/g": "2" });
  files.symlink("d", "/home/dl");
  files.symlink("/home/d/f", "/home/fl");
  files.symlink("loop", "/home/loop");
  files.symlink("d/new", "/home/broken");
  files.makeDirectories("/dev");
  files.makeNode("/dev/null", "char-device", { major: 1, minor: 3 });
});

describe("what is copied", () => {
  it.each([
    ["/home/d/f", false, { path: "/home/d/f", isDirectory: false, name: "f" }],
    ["/home/d", false, { path: "/home/d", isDirectory: true, name: "d" }],
    ["/home/d/.", false, { path: "/home/d/.", isDirectory: true, name: "." }],
    ["/home/fl", false, { path: "/home/fl", isDirectory: false, name: "fl" }],
    ["/home/fl", true, { path: "/home/d/f", isDirectory: false, name: "fl" }],
    ["/home/dl/f", false, { path: "/home/d/f", isDirectory: false, name: "f" }],
    ["/home/dl", true, { path: "/home/d", isDirectory: true, name: "dl" }],
    ["/home/dl/", false, { path: "/home/d/", isDirectory: true, name: "dl" }],
    ["/home/dl/.", true, { path: "/home/d/.", isDirectory: true, name: "." }],
  ])("%s (following: %s)", (path, followLink, source) => {
    expect(localSource(files, path, followLink)).toEqual(source);
  });

  it.each([
    ["/home/nope", false, "lstat /home/nope: no such file or directory"],
    ["/home/nope/f", false, "lstat /home/nope: no such file or directory"],
    ["/home/broken", true, "lstat /home/d/new: no such file or directory"],
    ["/home/d/f/g", false, "not a directory"],
    ["/home/d/f/", false, "not a directory"],
    ["/home/loop", true, "EvalSymlinks: too many links"],
  ])("can't be %s (following: %s)", (path, followLink, message) => {
    expect(() => localSource(files, path, followLink)).toThrow(message);
  });
});

describe("where it goes", () => {
  it.each([
    ["/home/d", { path: "/home/d", kind: "directory" }],
    ["/home/d/f", { path: "/home/d/f", kind: "other" }],
    ["/home/d/new", { path: "/home/d/new", kind: "absent" }],
    ["/home/dl", { path: "/home/d", kind: "directory" }],
    ["/home/fl", { path: "/home/d/f", kind: "other" }],
    ["/home/broken", { path: "/home/d/new", kind: "absent" }],
  ])("%s", (path, target) => {
    expect(localTarget(files, path)).toEqual(target);
  });

  it.each([
    ["/home/nope/new", "stat /home/nope: no such file or directory"],
    ["/home/d/f/new", "not a directory"],
    ["/home/loop", "too many symlinks in /home/loop"],
  ])("can't be %s", (path, message) => {
    expect(() => localTarget(files, path)).toThrow(message);
  });

  it.each(["/home/d", "/home/d/", "/home/d/f", "/home/new", "/home/fl"])("may be written: %s", path => {
    expect(() => checkOutputPath(files, path)).not.toThrow();
  });

  it.each([
    ["/nope/new", 'invalid output path: directory "/nope" does not exist'],
    ["/home/d/f/new", "stat /home/d/f/new: not a directory"],
    ["/home/d/f/", "stat /home/d/f/: not a directory"],
    ["/dev/null", 'invalid output path: "/dev/null" must be a directory or a regular file: got a device'],
  ])("can't be written: %s", (path, message) => {
    expect(() => checkOutputPath(files, path)).toThrow(message);
  });
});

it.each([
  ["f", "/home/f"],
  ["../x/.", "/x/."],
  ["/a//b/", "/a/b/"],
])("%s is meant from where the user is", (path, absolute) => {
  expect(absolutePath("/home", path)).toBe(absolute);
});
