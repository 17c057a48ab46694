import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { brotliCompressSync } from "node:zlib";
import { pack } from "tar-stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { rootfsEntries } from "./rootfs.ts";

let dist: string;
beforeEach(async () => {
  dist = await mkdtemp(join(tmpdir(), "rootfs-test-"));
  await mkdir(join(dist, "guest", "bin"), { recursive: true });
  const tar = pack();
  tar.entry({ name: "./", type: "directory", mode: 0o755 });
  tar.entry({ name: "./tmp/", type: "directory", mode: 0o1777 });
  tar.entry({ name: "./etc/shadow", mode: 0o640, gid: 42 }, "root:*\n");
  tar.entry({ name: "./bin", type: "symlink", linkname: "usr/bin" });
  tar.finalize();
  await writeFile(join(dist, "guest", "userland.tar.br"), brotliCompressSync(await buffer(tar)));
  const names = ["init", "bin/jsrun", "bin/shim", "bin/agent", "bin/docker"];
  await Promise.all(names.map(name => writeFile(join(dist, "guest", name), name)));
});
afterEach(() => rm(dist, { recursive: true, force: true }));

describe("rootfsEntries", () => {
  it("gives the userland's entries and puts each program where it belongs", async () => {
    const entries = await rootfsEntries(dist);
    expect(entries.slice(0, 3)).toMatchObject([
      { path: "tmp", kind: "directory", mode: 0o1777 },
      { path: "etc/shadow", kind: "file", mode: 0o640, gid: 42, bytes: Buffer.from("root:*\n") },
      { path: "bin", kind: "symlink", target: "usr/bin" },
    ]);
    expect(entries.slice(3).map(({ path }) => path)).toEqual([
      "usr/lib/drydock",
      "usr/sbin/init",
      "usr/lib/drydock/jsrun",
      "usr/lib/drydock/shim",
      "usr/lib/drydock/agent",
      "usr/bin/docker",
    ]);
  });

  it("fails when a program was not built", async () => {
    await rm(join(dist, "guest", "bin", "shim"));
    await expect(rootfsEntries(dist)).rejects.toThrow("guest/bin/shim");
  });
});
