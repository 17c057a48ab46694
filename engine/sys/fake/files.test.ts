import { describe, expect, it } from "vitest";
import { isSysError } from "../files.ts";
import { Crash } from "./faults.ts";
import { fakeSys } from "./sys.ts";

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return "no error";
  } catch (error) {
    return isSysError(error) ? error.code : String(error);
  }
};

describe("FakeFiles", () => {
  it("fails as the kernel does", () => {
    const { files } = fakeSys();
    files.seed({ "/a/file": "text" });
    expect(codeOf(() => files.readText("/nowhere"))).toBe("ENOENT");
    expect(codeOf(() => files.readText("/a"))).toBe("EISDIR");
    expect(codeOf(() => files.makeDirectory("/a"))).toBe("EEXIST");
    expect(codeOf(() => files.makeDirectory("/a/file/below"))).toBe("ENOTDIR");
    expect(codeOf(() => files.removeDirectory("/a"))).toBe("ENOTEMPTY");
    expect(codeOf(() => files.rename("/a/file", "/b/file"))).toBe("ENOENT");
    expect(codeOf(() => files.removeDirectory("/a/file"))).toBe("ENOTDIR");
    expect(files.stat("/a/file/below")).toBeNull();
  });

  it("follows links, and says where they loop", () => {
    const { files } = fakeSys();
    files.seed({ "/a/file": "text" });
    files.symlink("../a", "/a/self");
    files.symlink("/loop", "/loop");
    expect(files.readText("/a/self/self/file")).toBe("text");
    expect(files.stat("/a/self")?.kind).toBe("symlink");
    expect(files.stat("/a/self", true)?.kind).toBe("directory");
    expect(codeOf(() => files.readText("/loop"))).toBe("ELOOP");
  });

  it("replaces a file by another in one step", () => {
    const { files } = fakeSys();
    files.seed({ "/file": "old" });
    files.faults.failAt(2, "ENOSPC");
    expect(codeOf(() => files.writeAtomic("/file", "new"))).toBe("ENOSPC");
    expect(files.readText("/file")).toBe("old");
    expect(files.list("/")).toEqual(["file"]);
  });

  it("stays as it was once the process has crashed", () => {
    const { files } = fakeSys();
    files.faults.crashAt(2);
    expect(() => files.writeAtomic("/file", "new")).toThrow(Crash);
    expect(() => files.removeFile("/file.tmp")).toThrow(Crash);
    expect(() => files.exists("/file.tmp")).toThrow(Crash);
  });

  it("removes a tree step by step", () => {
    const { files } = fakeSys();
    files.seed({ "/tree/one": "1", "/tree/two": "2" });
    files.faults.failAt(2, "EIO");
    expect(codeOf(() => files.removeTree("/tree"))).toBe("EIO");
    expect(files.list("/tree")).toEqual(["two"]);
  });
});

describe("FakeMounts", () => {
  it("shows an overlay's layers until it is unmounted", () => {
    const { files, mounts } = fakeSys();
    files.seed({
      "/low/gone": "",
      "/low/kept": "low",
      "/low/dir/a": "a",
      "/up/kept": "up",
      "/up/dir/b": "b",
    });
    files.makeNode("/up/gone", "char-device");
    files.makeDirectories("/merged");
    const before = files.stat("/merged")?.dev;
    mounts.mount({ target: "/merged", type: "overlay", data: "lowerdir=/low,upperdir=/up,workdir=/work" });
    expect(files.list("/merged")).toEqual(["dir", "kept"]);
    expect(files.readText("/merged/kept")).toBe("up");
    expect(files.list("/merged/dir")).toEqual(["a", "b"]);
    expect(files.stat("/merged")?.dev).not.toBe(before);
    expect(codeOf(() => files.removeDirectory("/merged"))).not.toBe("no error");
    mounts.unmount("/merged");
    expect(files.list("/merged")).toEqual([]);
    expect(codeOf(() => mounts.unmount("/merged"))).toBe("EINVAL");
  });
});
