import { beforeEach, describe, expect, it } from "vitest";
import { readTar, tarOf } from "../sys/fake/tar.ts";
import { actions, create, held, NOTHING_HELD, run, type Running } from "../testing/fake-containers.ts";
import { type FakeDaemon, openFakeDaemon } from "../testing/fake-daemon.ts";
import { addImage, BASE_FILES } from "../testing/fake-images.ts";
import { archivePath } from "./archive-path.ts";
import type { ArchiveStream } from "./archive-stream.ts";
import { containerChanges } from "./container-changes.ts";
import { exportContainer } from "./export-container.ts";
import { type ArchiveSource, extractArchive } from "./extract-archive.ts";
import { containerPathStat } from "./path-stat.ts";

const PIECE = 16 * 1024;
const SEEN = { keepKinds: true, copyUidGid: false };

let fake: FakeDaemon;

beforeEach(async () => {
  fake = await openFakeDaemon();
  await addImage(fake.daemon, {
    names: ["base"],
    layers: [{ ...BASE_FILES, "srv/": "", "srv/page": "hello", "tmp/": "" }, { "srv/more": "x" }],
  });
  fake.sys.files.seed({ "/host/file": "from the host" });
});

async function read(stream: ArchiveStream): Promise<string[]> {
  const pieces: Uint8Array[] = [];
  const buffer = new Uint8Array(PIECE);
  for (let length = await stream.read(buffer); length > 0; length = await stream.read(buffer))
    pieces.push(buffer.slice(0, length));
  stream.close();
  stream.close();
  return readTar(Buffer.concat(pieces)).map(({ path }) => path);
}

function source(...pieces: Uint8Array[]): ArchiveSource {
  return { read: async () => pieces.shift() ?? null };
}

function upperOf({ container }: Pick<Running, "container">): string {
  return fake.daemon.layers.writable(container.id)?.upper ?? "";
}

describe("what a path of a container is", () => {
  it("is told in Go's terms", async () => {
    await create(fake, "web");
    expect(containerPathStat(fake.daemon, "web", "/srv/page")).toEqual({
      name: "page",
      size: 5,
      mode: 0o644,
      mtime: "2026-01-02T03:04:05Z",
      linkTarget: "",
    });
    expect(containerPathStat(fake.daemon, "web", "srv").mode).toBe(2 ** 31 + 0o755);
    expect(held(fake)).toEqual(NOTHING_HELD);
  });

  it("is that of a link itself, and where it leads inside", async () => {
    const container = await create(fake, "web");
    fake.sys.files.symlink("../../../srv/page", `${upperOf({ container })}/link`);
    expect(containerPathStat(fake.daemon, "web", "/link")).toMatchObject({
      mode: 2 ** 27 + 0o777,
      linkTarget: "/srv/page",
    });
  });

  it("is seen through its mounts, whether it runs or not", async () => {
    await run(fake, "web", { Binds: ["/host:/mnt"] });
    expect(containerPathStat(fake.daemon, "web", "/mnt/file").size).toBe(13);
    expect(held(fake).views).toBe(0);
    expect(held(fake).mounts).toBe(1); // its own
    await create(fake, "other", { Binds: ["/host:/mnt"] });
    expect(containerPathStat(fake.daemon, "other", "/mnt/file").size).toBe(13);
    expect(held(fake).mounts).toBe(1);
  });

  it("is nothing where there is none", async () => {
    await create(fake, "web");
    expect(() => containerPathStat(fake.daemon, "web", "/nope")).toThrow(
      "Could not find the file /nope in container web",
    );
    expect(held(fake)).toEqual(NOTHING_HELD);
  });
});

describe("packing", () => {
  it.each([
    ["/srv", ["srv", "srv/more", "srv/page"]],
    ["/srv/", ["srv", "srv/more", "srv/page"]],
    ["/srv/.", [".", "./more", "./page"]],
    ["srv/page", ["page"]],
  ])("%s", async (path, entries) => {
    await create(fake, "web");
    const { archive } = archivePath(fake.daemon, "web", path);
    expect(await read(archive)).toEqual(entries);
    expect(held(fake)).toEqual(NOTHING_HELD);
    expect(actions(fake).at(-1)).toBe("archive-path");
  });

  it("fails where there is nothing, and lets go of all", async () => {
    await create(fake, "web");
    expect(() => archivePath(fake.daemon, "web", "/nope")).toThrow("Could not find the file /nope");
    expect(() => archivePath(fake.daemon, "nobody", "/")).toThrow("No such container: nobody");
    expect(held(fake)).toEqual(NOTHING_HELD);
  });

  it("of everything leaves mounts out", async () => {
    await create(fake, "web", { Binds: ["/host:/tmp"] });
    const entries = await read(exportContainer(fake.daemon, "web"));
    expect(entries).toContain("srv/page");
    expect(entries).not.toContain("tmp/file");
    expect(held(fake)).toEqual(NOTHING_HELD);
    expect(actions(fake).at(-1)).toBe("export");
  });

  it("of everything is refused while a container goes", async () => {
    const container = await create(fake, "web");
    container.state = { ...container.state, status: "removing" };
    expect(() => exportContainer(fake.daemon, "web")).toThrow("which is being removed");
    container.state = { ...container.state, status: "dead" };
    expect(() => exportContainer(fake.daemon, "web")).toThrow("which is Dead");
  });
});

describe("unpacking", () => {
  it("goes into a directory, also of a mount", async () => {
    await create(fake, "web", { Binds: ["/host:/mnt"] });
    const half = tarOf({ "new/": "", "new/file": "1" });
    await extractArchive(fake.daemon, "web", "/mnt", source(half.subarray(0, 700), half.subarray(700)), SEEN);
    expect(fake.sys.files.readText("/host/new/file")).toBe("1");
    expect(held(fake)).toEqual(NOTHING_HELD);
    expect(actions(fake).at(-1)).toBe("extract-to-dir");
  });

  it("gives files to the container's user where that is asked for", async () => {
    await create(fake, "web", { Binds: ["/host:/mnt"] }, { User: "app" });
    await extractArchive(fake.daemon, "web", "/mnt", source(tarOf({ a: "1" })), {
      ...SEEN,
      copyUidGid: true,
    });
    expect(fake.sys.files.stat("/host/a")).toMatchObject({ uid: 1000, gid: 1001 });
  });

  it.each([
    [{ ReadonlyRootfs: true }, "/tmp", "invalid", "container rootfs is marked read-only"],
    [{ Binds: ["/host:/mnt:ro"] }, "/mnt", "invalid", "mounted volume is marked read-only"],
    [{}, "/srv/page", "invalid", "extraction point is not a directory"],
    [{}, "/nope", "not-found", "Could not find the file /nope in container web"],
  ])("can't go with %j into %s", async (hostConfig, path, kind, message) => {
    await create(fake, "web", hostConfig);
    const unpacking = extractArchive(fake.daemon, "web", path, source(tarOf({ a: "1" })), SEEN);
    await expect(unpacking).rejects.toMatchObject({ kind, message });
    expect(held(fake)).toEqual(NOTHING_HELD);
  });

  it("goes into a writable mount of a read-only container", async () => {
    await create(fake, "web", { ReadonlyRootfs: true, Binds: ["/host:/mnt"] });
    await extractArchive(fake.daemon, "web", "/mnt", source(tarOf({ a: "1" })), SEEN);
    expect(fake.sys.files.exists("/host/a")).toBe(true);
  });

  it("fails where the archive breaks off, and lets go of all", async () => {
    await create(fake, "web");
    const broken = source(tarOf({ a: "12345" }).subarray(0, 514));
    await expect(extractArchive(fake.daemon, "web", "/tmp", broken, SEEN)).rejects.toThrow("unexpected EOF");
    expect(held(fake)).toEqual(NOTHING_HELD);
  });
});

it("what a container has changed is told by path", async () => {
  const container = await create(fake, "web");
  const upper = upperOf({ container });
  fake.sys.files.seed({ [`${upper}/srv/page`]: "changed", [`${upper}/new/file`]: "1" });
  fake.sys.files.makeNode(`${upper}/srv/more`, "char-device");
  expect(containerChanges(fake.daemon, "web")).toEqual([
    { Path: "/new", Kind: 1 },
    { Path: "/new/file", Kind: 1 },
    { Path: "/srv", Kind: 0 },
    { Path: "/srv/more", Kind: 2 },
    { Path: "/srv/page", Kind: 0 },
  ]);
  expect(held(fake)).toEqual(NOTHING_HELD);
});
