import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readBaseImage } from "./base-image.ts";
import { parseDockerfile } from "./dockerfile.ts";
import { storeImage, writeHubIndex } from "./hub.ts";
import { buildImage } from "./oci.ts";
import type { ImageOutput } from "./recipe.ts";

const created = new Date("2025-01-02T03:04:05Z");
let dist: string;

beforeEach(async () => {
  dist = await mkdtemp(join(tmpdir(), "base-image-test-"));
  await mkdir(join(dist, "context"));
  await writeFile(join(dist, "context", "file"), "x");
});
afterEach(() => rm(dist, { recursive: true, force: true }));

describe("readBaseImage", () => {
  it("reads back all that was built, by any of its tags", async () => {
    const dockerfile = parseDockerfile(
      [
        "FROM scratch",
        "COPY file /",
        "ENV PATH=/bin A=1",
        "LABEL who=base",
        'ENTRYPOINT ["/init"]',
        'CMD ["bash"]',
        "EXPOSE 80",
        'VOLUME ["/data"]',
        "WORKDIR /srv",
        "USER 7",
        "STOPSIGNAL SIGQUIT",
      ].join("\n"),
    );
    const built = await buildImage(dockerfile, join(dist, "context"), created);
    const output: ImageOutput = { dockerfile: "", repository: "library/debian", tags: ["latest", "12"] };
    await writeHubIndex(dist, [await storeImage(dist, output, built)]);

    const base = await readBaseImage(dist, { repository: "library/debian", tag: "12" });
    expect(base.digest).toBe(built.descriptor.digest);
    expect(base.layers.map(({ digest }) => digest)).toEqual([built.blobs[0]?.digest]);
    expect(base.diffIds).toEqual([expect.stringMatching(/^sha256:[0-9a-f]{64}$/)]);
    expect(base.history).toHaveLength(dockerfile.steps.length);
    expect(base.config).toEqual({
      Env: ["PATH=/bin", "A=1"],
      Labels: { who: "base" },
      Entrypoint: ["/init"],
      Cmd: ["bash"],
      ExposedPorts: { "80/tcp": {} },
      Volumes: { "/data": {} },
      WorkingDir: "/srv",
      User: "7",
      StopSignal: "SIGQUIT",
    });
  });

  it("says which image the hub lacks", async () => {
    await expect(readBaseImage(dist, { repository: "library/debian", tag: "13" })).rejects.toThrow(
      "the hub has no library/debian:13 to start from",
    );
  });
});
