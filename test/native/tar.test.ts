/** Archives as layers bring them: the usual, the odd, and those that mean harm. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { extract, type Header, pack } from "tar-stream";
import { gzipSync } from "node:zlib";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { whyNoEngine } from "../../scripts/lib/native-engine.ts";
import { bundleProgram, runProgram } from "./jsrun.ts";

type Entry = Partial<Header> & { readonly name: string; readonly content?: string };

const reason = whyNoEngine();
if (reason !== undefined) console.warn(`Archives are NOT unpacked natively: ${reason}`);

/** An archive of these entries. */
async function archiveOf(...entries: Entry[]): Promise<Buffer> {
  const packer = pack();
  for (const { content, ...header } of entries) packer.entry(header, content ?? "");
  packer.finalize();
  return buffer(packer);
}

/** The headers of an archive's entries. */
async function entriesOf(archive: Buffer): Promise<Header[]> {
  const found: Header[] = [];
  const reader = extract();
  reader.end(archive);
  for await (const entry of reader) {
    found.push(entry.header);
    entry.resume();
  }
  return found;
}

describe.skipIf(reason !== undefined)("tar", () => {
  let programs: string;
  let program: string;
  let directory: string;

  beforeAll(async () => {
    programs = await mkdtemp(join(tmpdir(), "drydock-tar-"));
    program = await bundleProgram("tar", programs);
    return () => rm(programs, { recursive: true });
  });

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "drydock-tar-"));
    await mkdir(join(directory, "root"));
    await mkdir(join(directory, "outside"));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  const inRoot = (path: string): string => join(directory, "root", path);

  async function unpack(archive: Buffer, layer = "plain"): Promise<string> {
    await writeFile(join(directory, "archive"), archive);
    return runProgram(program, ["unpack", join(directory, "archive"), join(directory, "root"), layer]);
  }

  it("unpacks files with modes, owners and times, links, devices and long names", async () => {
    const long = `${"long/".repeat(40)}name`;
    const archive = await archiveOf(
      { name: "dir/", type: "directory", mode: 0o750 },
      { name: "dir/file", content: "text", mode: 0o4755, uid: 12, gid: 34, mtime: new Date(1e12) },
      { name: "hard", type: "link", linkname: "dir/file" },
      { name: "soft", type: "symlink", linkname: "/etc/passwd" },
      { name: "null", type: "character-device", devmajor: 1, devminor: 3 },
      { name: long, content: "deep" },
    );
    const digest = createHash("sha256").update(archive).digest("hex");
    expect(JSON.parse(await unpack(archive))).toEqual({ digest, diffId: digest, size: 8 });
    const file = await stat(inRoot("dir/file"));
    expect(file).toMatchObject({ uid: 12, gid: 34, mtimeMs: 1e12, nlink: 2 });
    expect(file.mode & 0o7777).toBe(0o4755);
    expect((await stat(inRoot("dir"))).mode & 0o777).toBe(0o750);
    expect((await stat(inRoot("hard"))).ino).toBe(file.ino);
    expect(await readlink(inRoot("soft"))).toBe("/etc/passwd");
    expect((await lstat(inRoot("null"))).rdev).toBe(0x103);
    expect(await readFile(inRoot(long), "utf8")).toBe("deep");
  });

  it("tells a compressed archive's two digests", async () => {
    const archive = await archiveOf({ name: "file", content: "x".repeat(100_000) });
    const compressed = gzipSync(archive);
    expect(JSON.parse(await unpack(compressed))).toEqual({
      digest: createHash("sha256").update(compressed).digest("hex"),
      diffId: createHash("sha256").update(archive).digest("hex"),
      size: 100_000,
    });
  });

  it("turns whiteouts into overlayfs's, and back", async () => {
    const archive = await archiveOf(
      { name: "dir/", type: "directory" },
      { name: "dir/.wh.gone" },
      { name: "opaque/", type: "directory" },
      { name: "opaque/.wh..wh..opq" },
    );
    await unpack(archive, "layer");
    expect(await readdir(inRoot("dir"))).toEqual(["gone"]);
    const gone = await lstat(inRoot("dir/gone"));
    expect({ isDevice: gone.isCharacterDevice(), rdev: gone.rdev }).toEqual({ isDevice: true, rdev: 0 });
    const packed = join(directory, "packed");
    await runProgram(program, ["pack", join(directory, "root"), packed, "layer"]);
    const names = (await entriesOf(await readFile(packed))).map(({ name }) => name.replace(/\/$/, ""));
    expect(names.toSorted()).toEqual(["dir", "dir/.wh.gone", "opaque", "opaque/.wh..wh..opq"]);
  });

  it("packs what tar(1) can read", async () => {
    await unpack(
      await archiveOf(
        { name: "a", content: "one", mode: 0o640, uid: 5, gid: 6 },
        { name: "b", type: "link", linkname: "a" },
        { name: "c", type: "symlink", linkname: "a" },
      ),
    );
    const packed = join(directory, "packed");
    await runProgram(program, ["pack", join(directory, "root"), packed, "plain"]);
    expect(await entriesOf(await readFile(packed))).toMatchObject([
      { name: "a", type: "file", size: 3, mode: 0o640, uid: 5, gid: 6 },
      { name: "b", type: "link", linkname: "a" },
      { name: "c", type: "symlink", linkname: "a" },
    ]);
    expect(execFileSync("tar", ["-xOf", packed, "a"], { encoding: "utf8" })).toBe("one");
  });

  describe("an archive that means harm", () => {
    it.each([
      [
        "a path that climbs out",
        [{ name: "../outside/evil", content: "x" }],
        `"../outside/evil" is outside of "/"`,
      ],
      [
        "a hard link to outside",
        [{ name: "evil", type: "link", linkname: "../outside/target" }],
        `invalid hardlink "/evil" -> "../outside/target"`,
      ],
    ] as const)("%s is refused", async (_, entries, message) => {
      await writeFile(join(directory, "outside/target"), "untouched");
      expect(await unpack(await archiveOf(...entries))).toContain(message);
      expect(await readdir(join(directory, "outside"))).toEqual(["target"]);
    });

    it.each([
      ["an absolute link", "/outside"],
      ["a relative link", "../outside"],
    ])("%s leads nowhere but into the root", async (_, linkname) => {
      await mkdir(inRoot("outside"));
      const link = linkname === "/outside" ? join(directory, "outside") : linkname;
      await unpack(
        await archiveOf({ name: "way", type: "symlink", linkname: link }, { name: "way/evil", content: "x" }),
      );
      expect(await readdir(join(directory, "outside"))).toEqual([]);
    });

    it("a link is replaced, not written through", async () => {
      const target = join(directory, "outside/target");
      await writeFile(target, "untouched");
      await unpack(
        await archiveOf(
          { name: "file", type: "symlink", linkname: target },
          { name: "file", content: "new" },
        ),
      );
      expect(await readFile(target, "utf8")).toBe("untouched");
      expect(await readFile(inRoot("file"), "utf8")).toBe("new");
    });

    it("one that is cut off is refused", async () => {
      const archive = await archiveOf({ name: "file", content: "x".repeat(5000) });
      expect(await unpack(archive.subarray(0, 3000))).toMatch(/^TypeError: /);
    });
  });
});
