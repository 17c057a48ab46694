import { beforeEach, describe, expect, it } from "vitest";
import { type FakeSys, fakeSys, restarted } from "../sys/fake/sys.ts";
import { crashAtEach, failAtEach } from "../testing/at-each-operation.ts";
import { addLayer, imageConfig, type ImageRecipe } from "../testing/fake-images.ts";
import { ImageStore } from "./image-store.ts";
import { type Layer, LayerStore } from "./layer-store.ts";

const ROOT = "/data";
const CONTENT = `${ROOT}/image/overlay2/imagedb/content/sha256`;
const METADATA = `${ROOT}/image/overlay2/imagedb/metadata/sha256`;

interface Fixture {
  readonly sys: FakeSys;
  readonly layers: LayerStore;
  readonly images: ImageStore;
  readonly problems: readonly string[];
}

function open(sys: FakeSys): Fixture {
  const layers = new LayerStore(sys, ROOT);
  const problems: string[] = [];
  const images = new ImageStore(sys, ROOT, layers, problem => problems.push(problem));
  layers.collectGarbage([], problem => problems.push(problem));
  return { sys, layers, images, problems };
}

async function layerOf({ sys, layers }: Fixture, text: string): Promise<Layer> {
  return addLayer(sys.bytes, layers, null, { file: text });
}

function configOf(layer: Layer | null, recipe: ImageRecipe = {}): string {
  return imageConfig(layer ? [layer.diffId] : [], recipe);
}

let now: Fixture;

beforeEach(() => {
  now = open(fakeSys());
});

describe("an image", () => {
  it("is its configuration file, named by its digest", async () => {
    const layer = await layerOf(now, "1");
    const text = configOf(layer);
    const image = now.images.add(text);
    expect(image.id).toBe(`sha256:${now.sys.bytes.sha256(text)}`);
    expect(image.top).toBe(layer);
    expect(now.images.configText(image)).toBe(text);
    expect(now.images.get(image.id)).toBe(image);
    expect(now.images.count).toBe(1);
  });

  it("is added once", async () => {
    const layer = await layerOf(now, "1");
    const image = now.images.add(configOf(layer));
    expect(now.images.add(configOf(layer))).toBe(image);
    now.layers.release(layer); // what the test itself held
    expect(now.images.remove(image)).toEqual([layer]);
  });

  it("may have no layers, and a parent", () => {
    const parent = now.images.add(configOf(null));
    const child = now.images.add(configOf(null, { created: "2026-02-02T00:00:00Z" }), parent.id);
    expect(child.parent).toBe(parent.id);
    expect(now.images.children(parent)).toEqual([child]);
    expect(now.images.remove(child)).toEqual([]);
  });

  it("needs its layers and a configuration file that is one", async () => {
    const text = JSON.stringify({ rootfs: { type: "layers", diff_ids: ["sha256:nope"] } });
    expect(() => now.images.add(text)).toThrow("layer does not exist: sha256:nope");
    expect(() => now.images.add("not JSON")).toThrow(SyntaxError);
    expect(() => now.images.add("null")).toThrow(TypeError);
    expect(() => now.images.add("{}")).toThrow("image config has no rootfs.diff_ids");
    expect(now.sys.files.list(CONTENT)).toEqual([]);
  });

  it("remembers when it was named", () => {
    const image = now.images.add(configOf(null));
    expect(now.images.tagTime(image)).toBeNull();
    now.images.setTagTime(image, "2026-01-02T03:04:05Z");
    expect(now.images.tagTime(image)).toBe("2026-01-02T03:04:05Z");
    now.images.remove(image);
    expect(now.sys.files.list(METADATA)).toEqual([]);
  });
});

describe("findByPrefix", () => {
  it("takes the start of an id, with or without its algorithm", () => {
    const image = now.images.add(configOf(null));
    const hex = image.id.slice("sha256:".length);
    expect(now.images.findByPrefix(hex.slice(0, 3))).toBe(image);
    expect(now.images.findByPrefix(image.id.slice(0, 12))).toBe(image);
    expect(now.images.findByPrefix(hex.slice(1, 5))).toBeUndefined();
  });

  it("refuses one that several start with", () => {
    for (let day = 1; day <= 17; day++)
      now.images.add(configOf(null, { created: `2026-01-${String(day).padStart(2, "0")}T00:00:00Z` }));
    const first = [...now.images.all()].map(({ id }) => id.slice(7, 8));
    const shared = first.find((digit, index) => first.indexOf(digit) !== index) ?? "";
    expect(() => now.images.findByPrefix(shared)).toThrow(`ambiguous reference: ${shared}`);
  });
});

describe("another process", () => {
  it("finds images with their layers, parents and times", async () => {
    const layer = await layerOf(now, "1");
    const parent = now.images.add(configOf(layer));
    const child = now.images.add(configOf(layer, { created: "2026-02-02T00:00:00Z" }), parent.id);
    now.images.setTagTime(child, "2026-01-02T03:04:05Z");
    const later = open(restarted(now.sys));
    const found = later.images.get(child.id);
    expect(found).toEqual(child);
    expect(found && later.images.tagTime(found)).toBe("2026-01-02T03:04:05Z");
    expect(later.problems).toEqual([]);
    expect(later.layers.get(layer.chainId)).toEqual(layer);
  });

  it("leaves out an image whose layers are gone, and says so", async () => {
    const layer = await layerOf(now, "1");
    const broken = now.images.add(configOf(layer));
    const whole = now.images.add(configOf(null));
    now.sys.files.removeTree(`${ROOT}/image/overlay2/layerdb/sha256`);
    const later = open(restarted(now.sys));
    expect([...later.images.all()].map(({ id }) => id)).toEqual([whole.id]);
    expect(later.problems).toEqual([
      `image ${broken.id} is left out: EngineError: layer does not exist: ${layer.diffId}`,
    ]);
  });

  it("leaves out a file that is no configuration, or not the one that its name says", () => {
    now.sys.files.seed({ [`${CONTENT}/abc`]: "{", [`${CONTENT}/def`]: configOf(null) });
    const later = open(restarted(now.sys));
    expect(later.images.count).toBe(0);
    expect(later.problems).toHaveLength(2);
  });

  it("removes what a crash has left", () => {
    now.sys.files.seed({ [`${CONTENT}/abc.tmp`]: "half", [`${METADATA}/abc/parent`]: "sha256:def" });
    const later = open(restarted(now.sys));
    expect(later.problems).toEqual([]);
    expect(later.sys.files.list(CONTENT)).toEqual([]);
    expect(later.sys.files.list(METADATA)).toEqual([]);
  });
});

/** A store with an image, and a layer for another one. */
async function prepare(): Promise<Fixture & { base: string; layer: Layer }> {
  const fresh = open(fakeSys());
  const base = fresh.images.add(configOf(null)).id;
  return { ...fresh, base, layer: await layerOf(fresh, "1") };
}

describe("whatever fails", () => {
  it("adding an image either ends well or leaves nothing", async () => {
    const operations = await failAtEach("ENOSPC", {
      prepare,
      work: ({ images, layer, base }) => void images.add(configOf(layer), base),
      check: ({ sys, images }, done) => {
        expect(images.count).toBe(done ? 2 : 1);
        expect(sys.files.list(CONTENT)).toHaveLength(done ? 2 : 1);
        expect(sys.files.list(METADATA)).toHaveLength(done ? 1 : 0);
      },
    });
    expect(operations).toBeGreaterThanOrEqual(7);
  });

  it("a crash while an image is added costs only that image", async () => {
    await crashAtEach({
      prepare,
      work: ({ images, layer, base }) => void images.add(configOf(layer), base),
      check: ({ sys, layer, base }, done) => {
        const { images, problems } = open(restarted(sys));
        expect(problems).toEqual([]);
        expect(images.get(base)).toBeDefined();
        if (done) expect(images.count).toBe(2);
        const whole = [...images.all()].find(({ id }) => id !== base);
        if (whole) expect(whole).toMatchObject({ parent: base, top: { chainId: layer.chainId } });
        expect(sys.files.tree.get(METADATA, "list").entries.size).toBe(whole ? 1 : 0);
      },
    });
  });

  it("a crash while an image is removed leaves it whole or not at all", async () => {
    await crashAtEach({
      prepare: async () => {
        const fresh = await prepare();
        const image = fresh.images.add(configOf(fresh.layer), fresh.base);
        fresh.layers.release(fresh.layer);
        return { ...fresh, image };
      },
      work: ({ images, image }) => void images.remove(image),
      check: ({ sys, image, layer }, done) => {
        const { images, layers, problems } = open(restarted(sys));
        expect(problems).toEqual([]);
        const found = images.get(image.id);
        if (done) expect(found).toBeUndefined();
        expect(layers.get(layer.chainId) !== undefined).toBe(found !== undefined);
      },
    });
  });

  it("an image that cannot be removed is still there", async () => {
    const image = now.images.add(configOf(null));
    now.sys.files.faults.failAt(1, "EIO");
    expect(() => now.images.remove(image)).toThrow("input/output error");
    expect(now.images.get(image.id)).toBe(image);
  });
});
