import { beforeEach, describe, expect, it } from "vitest";
import { familiarString, parsePinned } from "../base/reference.ts";
import { type FakeSys, fakeSys, restarted } from "../sys/fake/sys.ts";
import { Resolver } from "../sys/resolver.ts";
import { failAtEach } from "../testing/at-each-operation.ts";
import { FakeRegistry } from "../testing/fake-registry.ts";
import { ImageStore } from "./image-store.ts";
import { LayerStore } from "./layer-store.ts";
import { type Platform } from "./manifest.ts";
import type { ProgressMessage } from "./pull-progress.ts";
import { Puller, type PullResult } from "./pull.ts";
import { ReferenceStore } from "./reference-store.ts";
import { MediaType, RegistryClient } from "./registry-client.ts";

const ROOT = "/data";
const LINUX_386: Platform = { os: "linux", architecture: "386" };
const LAYERS = [{ "bin/sh": "a shell" }, { "etc/motd": "hello" }, { "srv/file": "data" }];

interface Fixture {
  readonly sys: FakeSys;
  readonly registry: FakeRegistry;
  readonly layers: LayerStore;
  readonly images: ImageStore;
  readonly references: ReferenceStore;
  readonly puller: Puller;
}

function fail(problem: string): never {
  throw new Error(problem);
}

function openStores(sys: FakeSys): Pick<Fixture, "layers" | "images" | "references"> {
  const layers = new LayerStore(sys, ROOT);
  const images = new ImageStore(sys, ROOT, layers, fail);
  layers.collectGarbage([], fail);
  return { layers, images, references: new ReferenceStore(sys.files, ROOT) };
}

function open(parallelDownloads = 3, mirrors = ["http://hub"]): Fixture {
  const sys = fakeSys();
  sys.files.seed({ "/etc/hosts": "10.0.0.9 hub\n10.0.0.8 dead\n10.0.0.9 registry.example\n" });
  const stores = openStores(sys);
  const client = new RegistryClient(sys, new Resolver(sys), "docker/28.2.2 (linux)");
  const puller = new Puller(sys, stores, client, { mirrors, parallelDownloads }, ROOT);
  return { sys, registry: new FakeRegistry(sys), ...stores, puller };
}

/** Lets all that can go on go on. */
function oneTurn(): Promise<false> {
  return new Promise(resolve => setImmediate(() => resolve(false)));
}

/** Pulls, with time passing while it waits. */
async function pull(
  { sys, puller }: Fixture,
  name: string,
  report: (message: ProgressMessage) => void = () => {},
  platform: Platform = LINUX_386,
): Promise<PullResult> {
  const result = puller.pull(parsePinned(name), platform, report);
  const ended = result.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([ended, oneTurn()]))) sys.clock.advance(1);
  return result;
}

/** Every directory of a layer, every download and every record that is there. */
function inventory({ sys }: Pick<Fixture, "sys">): Record<string, number> {
  const count = (path: string): number => sys.files.list(`${ROOT}/${path}`).length;
  return {
    directories: count("overlay2") - 1,
    layers: count("image/overlay2/layerdb/sha256"),
    images: count("image/overlay2/imagedb/content/sha256"),
    downloads: count("tmp"),
  };
}

const NOTHING = { directories: 0, layers: 0, images: 0, downloads: 0 };

let now: Fixture;

beforeEach(() => {
  now = open();
});

describe("a pull", () => {
  it("brings an image with its layers, and names it", async () => {
    const served = now.registry.serve("library/app", "1", LAYERS);
    const { image, digest, changed } = await pull(now, "app:1");
    expect(digest).toBe(served.digest);
    expect(changed).toBe(true);
    expect(now.images.configText(image)).toBe(served.config);
    const files = now.layers
      .chain(image.top)
      .map(layer => now.sys.files.list(now.layers.filesOf(layer)).join());
    expect(files).toEqual(["srv", "etc", "bin"]);
    expect(now.references.of(image.id).map(familiarString)).toEqual(["app:1", `app@${served.digest}`]);
    expect(now.images.tagTime(image)).not.toBeNull();
    expect(inventory(now)).toEqual({ directories: 3, layers: 3, images: 1, downloads: 0 });
    expect(now.sys.sockets.descriptors.count).toBe(0);
  });

  it("says what Docker says while it goes", async () => {
    const { layers } = now.registry.serve("library/app", "1", LAYERS.slice(0, 1));
    const id = layers[0]?.slice(7, 19);
    const said: string[] = [];
    await pull(now, "app:1", ({ id: of, status }) => said.push(`${of ?? ""}: ${status}`));
    expect(said).toEqual([
      "1: Pulling from library/app",
      `${id}: Pulling fs layer`,
      `${id}: Downloading`,
      `${id}: Verifying Checksum`,
      `${id}: Download complete`,
      `${id}: Extracting`,
      `${id}: Pull complete`,
    ]);
  });

  it("has nothing to do a second time", async () => {
    now.registry.serve("library/app", "1", LAYERS);
    const first = await pull(now, "app:1");
    const said: string[] = [];
    const second = await pull(now, "app:1", ({ status }) => said.push(status));
    expect(second).toEqual({ ...first, changed: false });
    expect(said).toEqual(["Pulling from library/app", "Already exists", "Already exists", "Already exists"]);
    expect(now.registry.requests.filter(path => path.includes("/blobs/"))).toHaveLength(5); // the config twice
  });

  it("takes only layers that are missing", async () => {
    now.registry.serve("library/app", "1", LAYERS.slice(0, 2));
    now.registry.serve("library/app", "2", LAYERS);
    await pull(now, "app:1");
    const said: string[] = [];
    await pull(now, "app:2", ({ status }) => said.push(status));
    expect(said.filter(status => status === "Already exists")).toHaveLength(2);
    expect(inventory(now)).toEqual({ directories: 3, layers: 3, images: 2, downloads: 0 });
  });

  it("moves a tag to the newer image", async () => {
    now.registry.serve("library/app", "1", LAYERS.slice(0, 1));
    const old = await pull(now, "app:1");
    now.registry.serve("library/app", "1", LAYERS.slice(1));
    const { image, changed } = await pull(now, "app:1");
    expect(changed).toBe(true);
    expect(now.references.get(parsePinned("app:1"))).toBe(image.id);
    expect(now.references.of(old.image.id)).toHaveLength(1); // the one with its digest
  });

  it("takes a digest for what it says", async () => {
    const { digest } = now.registry.serve("library/app", "1", LAYERS);
    const first = await pull(now, `app@${digest}`);
    expect(now.references.of(first.image.id).map(familiarString)).toEqual([`app@${digest}`]);
    expect((await pull(now, `app:1@${digest}`)).changed).toBe(false);
  });

  it("takes an image without layers", async () => {
    now.registry.serve("library/empty", "1", []);
    expect((await pull(now, "empty:1")).image.top).toBeNull();
  });

  it("shares layers with an image that has them twice", async () => {
    now.registry.serve("library/twice", "1", [{ a: "1" }, { a: "1" }]);
    const { image } = await pull(now, "twice:1");
    expect(now.layers.chain(image.top)).toHaveLength(2);
    expect(inventory(now)).toMatchObject({ downloads: 0, layers: 2 });
  });

  it("may be for another platform, and says so", async () => {
    now.registry.serve("library/app", "1", LAYERS, { architecture: "arm64" });
    const said: string[] = [];
    await pull(now, "app:1", ({ status }) => said.push(status));
    expect(said.at(-1)).toBe(
      "image with reference app:1 was found but its platform (linux/arm64) does not match the specified platform (linux/386)",
    );
  });
});

describe("an index", () => {
  it("is asked for the platform", async () => {
    const i386 = now.registry.serve("library/app", "i386", LAYERS.slice(0, 1));
    const arm = now.registry.serve("library/app", "arm", LAYERS.slice(1), { architecture: "arm64" });
    const index = now.registry.serveIndex("library/app", "1", { "linux/arm64": arm, "linux/386": i386 });
    const { image, digest } = await pull(now, "app:1");
    expect(digest).toBe(index);
    expect(now.images.configText(image)).toBe(i386.config);
    const other = await pull(now, "app:1", () => {}, { os: "linux", architecture: "arm64" });
    expect(now.images.configText(other.image)).toBe(arm.config);
  });

  it("tells variants apart, if asked", async () => {
    const v6 = now.registry.serve("library/app", "v6", LAYERS.slice(0, 1), { architecture: "arm" });
    const v7 = now.registry.serve("library/app", "v7", LAYERS.slice(1), { architecture: "arm" });
    now.registry.serveIndex("library/app", "1", { "linux/arm/v6": v6, "linux/arm/v7": v7 });
    const arm = { os: "linux", architecture: "arm" };
    expect(now.images.configText((await pull(now, "app:1", () => {}, { ...arm, variant: "v7" })).image)).toBe(
      v7.config,
    );
    expect(now.images.configText((await pull(now, "app:1", () => {}, arm)).image)).toBe(v6.config);
  });

  it("may not have the platform", async () => {
    const arm = now.registry.serve("library/app", "arm", LAYERS, { architecture: "arm64" });
    now.registry.serveIndex("library/app", "1", { "linux/arm64": arm });
    await expect(pull(now, "app:1")).rejects.toMatchObject({
      kind: "not-found",
      message: "no matching manifest for linux/386 in the manifest list entries",
    });
  });
});

describe("a registry that refuses", () => {
  it.each([
    [
      [404, "MANIFEST_UNKNOWN", "manifest unknown"],
      "not-found",
      "manifest for app:1 not found: manifest unknown: manifest unknown",
    ],
    [
      [401, "DENIED", "requested access to the resource is denied"],
      "not-found",
      "pull access denied for app, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    ],
    [
      [404, "NAME_UNKNOWN", "repository name not known to registry"],
      "not-found",
      "repository app not found: name unknown: repository name not known to registry",
    ],
    [[429, "TOOMANYREQUESTS", "slow down"], "forbidden", "toomanyrequests: slow down"],
  ] as const)("with %j is quoted as Docker does", async ([status, code, message], kind, expected) => {
    now.registry.refuse("/v2/library/app/manifests/1", status, code, message);
    await expect(pull(now, "app:1")).rejects.toMatchObject({ kind, message: expected });
    expect(inventory(now)).toEqual(NOTHING);
  });

  it("without words is quoted by its status", async () => {
    now.registry.answers.set("/v2/library/app/manifests/1", { status: 502, body: "<html>" });
    await expect(pull(now, "app:1")).rejects.toMatchObject({
      kind: "unavailable",
      message: /unexpected status.*502/,
    });
  });

  it("is asked after one that is dead, and what it says counts", async () => {
    now = open(3, ["http://dead", "http://hub"]);
    await expect(pull(now, "app:1")).rejects.toMatchObject({ message: /^manifest for app:1 not found/ });
    now.registry.serve("library/app", "1", LAYERS);
    expect((await pull(now, "app:1")).changed).toBe(true);
  });

  it("does not answer", async () => {
    now = open(3, ["http://dead"]);
    await expect(pull(now, "app:1")).rejects.toMatchObject({
      kind: "unavailable",
      message: 'Get "http://dead/v2/library/app/manifests/1": dial tcp 10.0.0.8:80: connection refused',
    });
  });

  it("has no name that anybody knows", async () => {
    await expect(pull(now, "nowhere.example/app:1")).rejects.toMatchObject({
      kind: "unavailable",
      message: /lookup nowhere\.example/,
    });
  });
});

describe("a registry elsewhere", () => {
  it("is asked on its port", async () => {
    const registry = new FakeRegistry(now.sys, 5000);
    now.sys.files.seed({ "/etc/hosts": "10.0.0.9 localhost\n" });
    registry.serve("team/app", "1", LAYERS);
    const said: ProgressMessage[] = [];
    await pull(now, "localhost:5000/team/app:1", message => said.push(message));
    expect(said[0]).toEqual({ status: "Pulling from localhost:5000/team/app", id: "1" });
  });

  it("may send us on, but not for ever", async () => {
    const served = now.registry.serve("library/app", "1", LAYERS.slice(0, 1));
    const path = `/v2/library/app/blobs/${served.layers[0]}`;
    const blob = now.registry.answers.get(path);
    now.registry.answers.set(path, { status: 307, headers: { Location: "http://hub/elsewhere" }, body: "" });
    if (blob) now.registry.answers.set("/elsewhere", blob);
    expect((await pull(now, "app:1")).changed).toBe(true);
    now.registry.answers.set("/v2/library/loop/manifests/1", {
      status: 302,
      headers: { Location: "/v2/library/loop/manifests/1" },
      body: "",
    });
    await expect(pull(now, "loop:1")).rejects.toThrow("stopped after 5 redirects");
    expect(now.sys.sockets.descriptors.count).toBe(0);
  });
});

function blobPath(digest: string | undefined): string {
  return `/v2/library/app/blobs/${digest}`;
}

describe("content that is not what it should be", () => {
  it.each([
    [
      "a blob with other bytes",
      { body: "something else" },
      /filesystem layer verification failed for digest sha256:/,
    ],
    ["a blob that is cut off", { body: new Uint8Array(5000), cutAt: 20 }, /unexpected EOF/],
    ["a blob without end", { body: new Uint8Array(1 << 20) }, /filesystem layer verification failed/],
    ["a blob that is gone", { status: 404, body: "" }, /unexpected status/],
  ])("such as %s leaves nothing", async (_, answer, message) => {
    const { layers } = now.registry.serve("library/app", "1", LAYERS);
    now.registry.answers.set(blobPath(layers[1]), answer);
    await expect(pull(now, "app:1")).rejects.toThrow(message);
    expect(inventory(now)).toEqual(NOTHING);
    expect(now.sys.sockets.descriptors.count).toBe(0);
  });

  it("such as a configuration with other bytes leaves nothing", async () => {
    const { config } = now.registry.serve("library/app", "1", LAYERS);
    now.registry.answers.set(blobPath(now.registry.digestOf(config)), { body: config.replace("386", "686") });
    await expect(pull(now, "app:1")).rejects.toThrow("image config verification failed for digest sha256:");
    expect(inventory(now)).toEqual(NOTHING);
  });

  it("such as a manifest with other bytes is not believed", async () => {
    const { digest, manifest } = now.registry.serve("library/app", "1", LAYERS);
    now.registry.answers.set(`/v2/library/app/manifests/${digest}`, {
      type: MediaType.ociManifest,
      body: `${manifest} `,
    });
    await expect(pull(now, `app@${digest}`)).rejects.toThrow(
      `manifest verification failed for digest ${digest}`,
    );
  });

  it.each([
    ["not JSON", SyntaxError],
    ["null", /manifest is not an object/],
    ["{}", /manifest has no valid config and layers/],
    [
      JSON.stringify({
        config: { digest: `sha256:${"0".repeat(64)}`, size: 1 },
        layers: [{ digest: "../../x", size: 1 }],
      }),
      /manifest has no valid config and layers/,
    ],
    [
      JSON.stringify({
        config: { digest: `sha256:${"0".repeat(64)}`, size: 1 },
        layers: [
          {
            digest: `sha256:${"0".repeat(64)}`,
            size: 1,
            mediaType: "application/vnd.oci.image.layer.v1.tar+zstd",
          },
        ],
      }),
      /unsupported media type application\/vnd.oci.image.layer.v1.tar\+zstd/,
    ],
  ])("such as the manifest %j is refused", async (text, problem) => {
    now.registry.serveManifest("library/app", "1", text, MediaType.ociManifest);
    await expect(pull(now, "app:1")).rejects.toThrow(problem);
    expect(inventory(now)).toEqual(NOTHING);
  });

  it("such as a layer that the configuration does not name leaves nothing", async () => {
    const honest = now.registry.serve("library/app", "1", LAYERS.slice(0, 1));
    const other = now.registry.serve("library/app", "2", LAYERS.slice(1, 2));
    const manifest = honest.manifest.replaceAll(honest.layers[0] ?? "", other.layers[0] ?? "");
    const sizes = manifest.replace(
      /("layers":.*"size":)\d+/,
      `$1${now.registry.answers.get(blobPath(other.layers[0]))?.body.length}`,
    );
    now.registry.serveManifest("library/app", "1", sizes, MediaType.ociManifest);
    await expect(pull(now, "app:1")).rejects.toThrow(
      /failed to register layer: layer sha256:.* does not hold what its image says/,
    );
    expect(inventory(now)).toEqual(NOTHING);
  });

  it("such as a manifest with more layers than the configuration is refused", async () => {
    const { manifest } = now.registry.serve("library/app", "1", LAYERS.slice(0, 1));
    const parsed: { layers: unknown[] } = JSON.parse(manifest);
    const doubled = JSON.stringify({ ...parsed, layers: [...parsed.layers, ...parsed.layers] });
    now.registry.serveManifest("library/app", "1", doubled, MediaType.ociManifest);
    await expect(pull(now, "app:1")).rejects.toThrow("differ in their number of layers");
  });
});

describe("downloads", () => {
  const many = Array.from({ length: 8 }, (_, index) => ({ [`file${index}`]: `${index}` }));

  it.each([1, 2, 3])("run at most %i at a time, and as many as that", async limit => {
    now = open(limit);
    now.registry.serve("library/app", "1", many);
    let held: (() => void)[] = [];
    let most = 0;
    now.registry.beforeAnswer = path => {
      if (!path.includes("/blobs/")) return undefined;
      return new Promise(resolve => {
        held.push(resolve);
        most = Math.max(most, held.length);
        setImmediate(() => {
          const [first, ...rest] = held;
          held = rest;
          first?.();
        });
      });
    };
    await pull(now, "app:1");
    expect(now.registry.mostAtOnce).toBe(limit);
    expect(most).toBeLessThanOrEqual(limit);
  });

  it("wait for their turn, and say so", async () => {
    now = open(1);
    now.registry.serve("library/app", "1", LAYERS);
    const said: string[] = [];
    await pull(now, "app:1", ({ status }) => said.push(status));
    expect(said.filter(status => status === "Waiting")).toHaveLength(2);
  });

  it.each([1, 3])("are not begun any more once one of %i has failed", async limit => {
    now = open(limit);
    const { layers } = now.registry.serve("library/app", "1", many);
    now.registry.answers.set(`/v2/library/app/blobs/${layers[0]}`, { status: 500, body: "" });
    await expect(pull(now, "app:1")).rejects.toThrow();
    expect(now.registry.requests.filter(path => path.includes("/blobs/"))).toHaveLength(1 + limit); // the config too
  });
});

describe("a full disk", () => {
  it("costs the pull and nothing else", async () => {
    let fixture: Fixture | undefined;
    const operations = await failAtEach("ENOSPC", {
      prepare: async () => {
        const fresh = open();
        fresh.registry.serve("library/base", "1", LAYERS.slice(0, 1));
        fresh.registry.serve("library/app", "1", LAYERS.slice(0, 2));
        await pull(fresh, "base:1");
        fixture = fresh;
        return fresh;
      },
      work: fresh => pull(fresh, "app:1"),
      check: (fresh, done) => {
        expect(fresh).toBe(fixture);
        const counts = inventory(fresh);
        expect(counts.downloads).toBe(0);
        // An image that came whole may stay without its name.
        const images = fresh.images.count;
        expect(done ? [2] : [1, 2]).toContain(images);
        expect(counts).toMatchObject({ directories: images, layers: images, images });
        expect(fresh.sys.sockets.descriptors.count).toBe(0);
        const { images: later, references } = openStores(restarted(fresh.sys));
        expect(later.count).toBe(images);
        expect(references.get(parsePinned("base:1"))).toBeDefined();
      },
    });
    expect(operations).toBeGreaterThan(25);
  });
});
