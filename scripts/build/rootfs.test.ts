import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { overlayFiles, readTar } from "./rootfs.ts";

async function archive(): Promise<Uint8Array> {
  const tar = pack();
  tar.entry({ name: "./", type: "directory", mode: 0o755 });
  tar.entry({ name: "./usr/", type: "directory", mode: 0o755 });
  tar.entry({ name: "./usr/tool", mode: 0o4755, uid: 0, gid: 5 }, "tool");
  tar.entry({ name: "./usr/other", type: "link", linkname: "./usr/tool", mode: 0o755 });
  tar.entry({ name: "./bin", type: "symlink", linkname: "usr/bin", mode: 0o777 });
  tar.finalize();
  return buffer(tar);
}

describe("readTar", () => {
  it("turns an archive into entries", async () => {
    const bytes = Buffer.from("tool");
    expect(await readTar(await archive())).toEqual([
      { kind: "directory", path: "usr", mode: 0o755, uid: 0, gid: 0 },
      { kind: "file", path: "usr/tool", mode: 0o4755, uid: 0, gid: 5, bytes },
      { kind: "file", path: "usr/other", mode: 0o755, uid: 0, gid: 0, bytes },
      { kind: "symlink", path: "bin", mode: 0o777, uid: 0, gid: 0, target: "usr/bin" },
    ]);
  });

  it("refuses what a root must not bring", async () => {
    const tar = pack();
    tar.entry({ name: "pipe", type: "fifo" });
    tar.finalize();
    await expect(readTar(await buffer(tar))).rejects.toThrow("pipe: a fifo has no place in the guest's root");
  });
});

it("puts files over the archive's, with the directories they need", async () => {
  const bytes = Buffer.from("new");
  const entries = overlayFiles(await readTar(await archive()), [
    { path: "usr/tool", bytes },
    { path: "usr/lib/drydock/agent", bytes },
    { path: "etc/wants/agent", target: "/etc/services" },
  ]);
  expect(entries.map(entry => entry.path)).toEqual([
    "usr",
    "usr/tool",
    "usr/other",
    "bin",
    "usr/lib",
    "usr/lib/drydock",
    "usr/lib/drydock/agent",
    "etc",
    "etc/wants",
    "etc/wants/agent",
  ]);
  expect(entries.at(-1)).toMatchObject({ kind: "symlink", target: "/etc/services" });
  expect(entries[1]).toEqual({ kind: "file", path: "usr/tool", bytes, mode: 0o755 });
});
