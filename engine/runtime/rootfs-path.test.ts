import { describe, expect, it } from "vitest";
import { type FakeSys, fakeSys } from "../sys/fake/sys.ts";
import { pathInRootfs, readInRootfs } from "./rootfs-path.ts";

const ROOT = "/var/lib/docker/overlay2/1/merged";

/** A root file system with these links: path to target. */
function withLinks(links: Readonly<Record<string, string>>): FakeSys {
  const sys = fakeSys();
  sys.files.seed({
    "/etc/passwd": "the host's",
    [`${ROOT}/etc/passwd`]: "the container's",
    "/secret/file": "secret",
  });
  for (const [path, target] of Object.entries(links)) {
    sys.files.makeDirectories(`${ROOT}${path.slice(0, path.lastIndexOf("/"))}`);
    sys.files.symlink(target, ROOT + path);
  }
  return sys;
}

const inRoot = (links: Readonly<Record<string, string>>, path: string): string =>
  pathInRootfs(withLinks(links).files, ROOT, path);

describe("pathInRootfs", () => {
  it("is below the root", () => {
    expect(inRoot({}, "/etc/passwd")).toBe(`${ROOT}/etc/passwd`);
    expect(inRoot({}, "etc//./passwd/")).toBe(`${ROOT}/etc/passwd`);
    expect(inRoot({}, "/")).toBe(ROOT);
    expect(inRoot({}, "")).toBe(ROOT);
  });

  it("does not have to exist", () => {
    expect(inRoot({}, "/not/there/yet")).toBe(`${ROOT}/not/there/yet`);
  });

  it.each(["/../../../secret/file", "../secret/file", "/etc/../../../../secret/file"])(
    "stays below it in %j",
    path => {
      expect(inRoot({}, path)).toBe(`${ROOT}/secret/file`);
    },
  );

  it.each([
    ["an absolute link", { "/a": "/secret" }, "/a/file", "/secret/file"],
    ["a link that climbs", { "/a": "../../../../../../secret" }, "/a/file", "/secret/file"],
    ["a link below the root that climbs", { "/x/y/a": "../../../../secret" }, "/x/y/a/file", "/secret/file"],
    ["a link to the root", { "/a": "/" }, "/a/etc", "/etc"],
    ["a link to itself's parent", { "/x/a": ".." }, "/x/a/x/a/etc", "/etc"],
    ["a link at the end", { "/a": "/secret/file" }, "/a", "/secret/file"],
    ["a link to what is not there", { "/a": "/gone/b" }, "/a/c", "/gone/b/c"],
    ["links one after the other", { "/a": "b", "/b": "/c/./d", "/c/d": "../e" }, "/a/f", "/e/f"],
    ["dots behind a link", { "/a": "/x/y/z" }, "/a/../b", "/x/y/b"],
    ["dots behind a link that climbs", { "/a": "/.." }, "/a/../../secret", "/secret"],
  ])("follows %s as if the root were /", (_, links, path, expected) => {
    expect(inRoot(links as Record<string, string>, path)).toBe(ROOT + expected);
  });

  it("refuses loops", () => {
    expect(() => inRoot({ "/a": "b", "/b": "a" }, "/a")).toThrow("too many levels of symbolic links: /a");
    expect(() => inRoot({ "/a": "/a/b" }, "/a")).toThrow("too many levels");
  });
});

describe("readInRootfs", () => {
  it("reads the container's file", () => {
    const { files } = withLinks({});
    expect(readInRootfs(files, ROOT, "/etc/passwd")).toBe("the container's");
  });

  it("never reads the host's", () => {
    const { files } = withLinks({ "/up": "../../../../../../../etc/passwd", "/abs": "/secret/file" });
    expect(readInRootfs(files, ROOT, "/up")).toBe("the container's");
    expect(readInRootfs(files, ROOT, "/abs")).toBe("");
  });

  it("is empty where there is no plain file", () => {
    const { files } = withLinks({});
    files.makeNode(`${ROOT}/etc/group`, "fifo"); // reading it would wait for ever
    expect(readInRootfs(files, ROOT, "/etc/group")).toBe("");
    expect(readInRootfs(files, ROOT, "/etc")).toBe("");
    expect(readInRootfs(files, ROOT, "/etc/passwd/below")).toBe("");
  });
});
