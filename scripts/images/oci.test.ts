import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseDockerfile } from "./dockerfile.ts";
import { type BaseImage, type BuiltImage, buildImage } from "./oci.ts";

const created = new Date("2025-01-02T03:04:05Z");
let context: string;

beforeEach(async () => {
  context = await mkdtemp(join(tmpdir(), "oci-test-"));
});
afterEach(() => rm(context, { recursive: true, force: true }));

const build = (...lines: string[]): Promise<BuiltImage> =>
  buildImage(parseDockerfile(["FROM scratch", ...lines].join("\n")), context, created);

const blobOf = (image: BuiltImage, mediaType: string): Buffer =>
  image.blobs.find(blob => blob.mediaType.includes(mediaType))?.bytes ?? Buffer.alloc(0);

const configOf = (image: BuiltImage): { readonly config: object } =>
  JSON.parse(blobOf(image, "config").toString());

async function filesOf(image: BuiltImage): Promise<string[]> {
  const lines: string[] = [];
  const entries = extract();
  entries.end(gunzipSync(blobOf(image, "layer")));
  for await (const entry of entries) {
    const { type, mode, uid, gid, name, linkname } = entry.header;
    lines.push(`${type} ${mode.toString(8)} ${uid}:${gid} ${name}${linkname ? ` -> ${linkname}` : ""}`);
    entry.resume();
  }
  return lines;
}

describe("buildImage", () => {
  it("puts files, folders and links of the context where they belong", async () => {
    await mkdir(join(context, "tree", "sub"), { recursive: true, mode: 0o755 });
    await writeFile(join(context, "tree", "sub", "file"), "hello", { mode: 0o640 });
    await symlink("sub/file", join(context, "tree", "link"));
    expect(await filesOf(await build("COPY tree /opt/app"))).toEqual([
      "directory 755 0:0 opt/",
      "directory 755 0:0 opt/app/",
      "symlink 777 0:0 opt/app/link -> sub/file",
      "directory 755 0:0 opt/app/sub/",
      "file 640 0:0 opt/app/sub/file",
    ]);
  });

  it("unpacks a tar that is added, with its owners and hard links", async () => {
    await mkdir(join(context, "root", "bin"), { recursive: true, mode: 0o755 });
    await writeFile(join(context, "root", "bin", "b"), "x", { mode: 0o755 });
    execFileSync("ln", ["b", "a"], { cwd: join(context, "root", "bin") });
    execFileSync("tar", [
      "-C",
      join(context, "root"),
      "--sort=name",
      "--owner=3",
      "--group=4",
      "--numeric-owner",
      "-cf",
      join(context, "root.tar"),
      ".",
    ]);
    expect(await filesOf(await build("ADD root.tar /x"))).toEqual([
      "directory 755 3:4 x/",
      "directory 755 3:4 x/bin/",
      "file 755 3:4 x/bin/a",
      "link 755 3:4 x/bin/b -> x/bin/a",
    ]);
  });

  it("writes the configuration that Docker would", async () => {
    await writeFile(join(context, "hello"), "x");
    const image = await build(
      "COPY hello /",
      "ENV A=1",
      'CMD ["/hello"]',
      "EXPOSE 80",
      "WORKDIR /srv",
      "USER 7",
    );
    expect(configOf(image)).toMatchObject({
      architecture: "386",
      os: "linux",
      created: "2025-01-02T03:04:05Z",
      config: {
        Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "A=1"],
        Cmd: ["/hello"],
        ExposedPorts: { "80/tcp": {} },
        WorkingDir: "/srv",
        User: "7",
      },
      history: [
        { created_by: "COPY hello /" },
        { created_by: "ENV A=1", empty_layer: true },
        { created_by: 'CMD ["/hello"]', empty_layer: true },
        { created_by: "EXPOSE 80", empty_layer: true },
        { created_by: "WORKDIR /srv", empty_layer: true },
        { created_by: "USER 7", empty_layer: true },
      ],
    });
  });

  describe("on another image", () => {
    const layer = { mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: "sha256:1", size: 1 };
    const base: BaseImage = {
      config: { Env: ["PATH=/bin", "A=1"], Cmd: ["bash"], Labels: { who: "base" } },
      layers: [layer],
      diffIds: ["sha256:2"],
      history: [{ created: "2024-01-01T00:00:00Z", created_by: "ADD rootfs.tar /" }],
    };
    const buildOn = (...lines: string[]): Promise<BuiltImage> =>
      buildImage(parseDockerfile(["FROM debian", ...lines].join("\n")), context, created, base);

    it("adds its layers and history to the other's, and stores nothing of it again", async () => {
      await writeFile(join(context, "hello"), "x");
      const image = await buildOn("COPY hello /");
      expect(image.inherited).toEqual([layer]);
      expect(image.blobs).toHaveLength(4); // layer, configuration, manifest, index
      expect(JSON.parse(blobOf(image, "manifest").toString())).toMatchObject({
        layers: [layer, { digest: image.blobs[0]?.digest }],
      });
      expect(configOf(image)).toMatchObject({
        rootfs: { diff_ids: ["sha256:2", expect.stringMatching(/^sha256:[0-9a-f]{64}$/)] },
        history: [{ created_by: "ADD rootfs.tar /" }, { created_by: "COPY hello /" }],
      });
    });

    it("takes over its configuration and replaces what it names itself", async () => {
      expect(configOf(await buildOn("ENV A=2 B=3", "LABEL what=mine"))).toMatchObject({
        config: {
          Env: ["PATH=/bin", "A=2", "B=3"],
          Cmd: ["bash"],
          Labels: { who: "base", what: "mine" },
        },
      });
      expect(base.config.Env).toEqual(["PATH=/bin", "A=1"]);
    });

    it("does not hand the other's command to an entry point of its own", async () => {
      expect(configOf(await buildOn('ENTRYPOINT ["/init"]')).config).not.toHaveProperty("Cmd");
    });
  });

  it("gives the same bytes for the same files, whenever they were written", async () => {
    await writeFile(join(context, "hello"), "x");
    const first = await build("COPY hello /");
    await utimes(join(context, "hello"), new Date(0), new Date(0));
    expect((await build("COPY hello /")).descriptor).toEqual(first.descriptor);
  });

  it("names a file that is not there", async () => {
    await expect(build("COPY nothing /")).rejects.toThrow("nothing is not in the build context");
  });
});
