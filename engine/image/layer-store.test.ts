import { beforeEach, describe, expect, it } from "vitest";
import type { Unpacked } from "../sys/bytes.ts";
import { type FakeSys, fakeSys, restarted } from "../sys/fake/sys.ts";
import { tarOf } from "../sys/fake/tar.ts";
import { crashAtEach, failAtEach } from "../testing/at-each-operation.ts";
import { addLayer, type LayerFiles } from "../testing/fake-images.ts";
import { type Layer, LayerStore } from "./layer-store.ts";

const ROOT = "/data";
const OVERLAY = `${ROOT}/overlay2`;

interface Fixture {
  readonly sys: FakeSys;
  readonly store: LayerStore;
}

function fixture(): Fixture {
  const sys = fakeSys();
  return { sys, store: new LayerStore(sys, ROOT) };
}

/** The store as another process finds it. `images` are the layers that images use. */
function reopen(
  { sys }: { readonly sys: FakeSys },
  images: readonly string[],
  containers: readonly string[],
): Fixture {
  const fresh = restarted(sys);
  const store = new LayerStore(fresh, ROOT);
  for (const chainId of images) {
    const layer = store.get(chainId);
    if (layer) store.use(layer);
  }
  store.collectGarbage(containers, problem => {
    throw new Error(problem);
  });
  return { sys: fresh, store };
}

function add({ sys, store }: Fixture, parent: Layer | null, files: LayerFiles): Promise<Layer> {
  return addLayer(sys.bytes, store, parent, files);
}

/** The directories of layers, and what is in the database, by count: nothing but these may be there. */
function inventory({ sys }: Fixture): {
  directories: number;
  links: number;
  layers: number;
  mounts: number;
  temporary: number;
} {
  const count = (path: string): number => sys.files.list(path).length;
  const database = `${ROOT}/image/overlay2/layerdb`;
  return {
    directories: count(OVERLAY) - 1, // without l/
    links: count(`${OVERLAY}/l`),
    layers: count(`${database}/sha256`),
    mounts: count(`${database}/mounts`),
    temporary: count(`${database}/tmp`),
  };
}

/** What there is of so many layers and containers. */
function exactly(layers: number, containers = 0): ReturnType<typeof inventory> {
  const directories = layers + 2 * containers; // each container has one for its init files too
  return { directories, links: directories, layers, mounts: containers, temporary: 0 };
}

let now: Fixture;

beforeEach(() => {
  now = fixture();
});

describe("adding layers", () => {
  it("keeps files apart, and knows a layer by what is below it", async () => {
    const base = await add(now, null, { a: "1" });
    const above = await add(now, base, { b: "22" });
    expect(now.sys.files.readText(`${now.store.filesOf(above)}/b`)).toBe("22");
    expect(now.sys.files.exists(`${now.store.filesOf(above)}/a`)).toBe(false);
    expect(base.chainId).toBe(base.diffId);
    expect(above.chainId).toBe(`sha256:${now.sys.bytes.sha256(`${base.chainId} ${above.diffId}`)}`);
    expect(above.size).toBe(2);
    expect(now.store.chain(above)).toEqual([above, base]);
    expect(now.store.top([base.diffId, above.diffId])).toBe(above);
    expect(now.store.top([])).toBeNull();
    expect(() => now.store.top([above.diffId])).toThrow(`layer does not exist: ${above.diffId}`);
  });

  it("notes what a layer stands on, the nearest first", async () => {
    const base = await add(now, null, { a: "1" });
    const middle = await add(now, base, { b: "2" });
    const top = await add(now, middle, { c: "3" });
    const link = (layer: Layer): string => now.sys.files.readText(`${OVERLAY}/${layer.cacheId}/link`);
    expect(now.sys.files.readText(`${OVERLAY}/${top.cacheId}/lower`)).toBe(
      `l/${link(middle)}:l/${link(base)}`,
    );
    expect(now.sys.files.exists(`${OVERLAY}/${base.cacheId}/lower`)).toBe(false);
    expect(now.sys.files.readText(`${OVERLAY}/l/${link(middle)}/b`)).toBe("2");
  });

  it("shares one that is there already", async () => {
    const first = await add(now, null, { a: "1" });
    const second = await add(now, null, { a: "1" });
    expect(second).toBe(first);
    expect(inventory(now)).toEqual(exactly(1));
    expect(now.store.release(first)).toEqual([]);
    expect(now.store.release(first)).toEqual([first]);
    expect(inventory(now)).toEqual(exactly(0));
  });

  it("tells the same files above different layers apart", async () => {
    const one = await add(now, null, { a: "1" });
    const other = await add(now, null, { a: "2" });
    expect((await add(now, one, { b: "3" })).chainId).not.toBe((await add(now, other, { b: "3" })).chainId);
    expect(inventory(now)).toEqual(exactly(4));
  });

  it("refuses more layers than an image may have", async () => {
    let layer: Layer | null = null;
    for (let depth = 0; depth < 125; depth++) layer = await add(now, layer, { [`file${depth}`]: "" });
    await expect(add(now, layer, { more: "" })).rejects.toThrow("max depth exceeded");
    expect(inventory(now)).toEqual(exactly(125));
  });

  it("leaves nothing of one that cannot be unpacked", async () => {
    const broken = now.store.add(null, async directory => {
      now.sys.files.seed({ [`${directory}/half`]: "done" });
      throw new Error("unexpected EOF");
    });
    await expect(broken).rejects.toThrow("unexpected EOF");
    expect(inventory(now)).toEqual(exactly(0));
  });
});

describe("releasing layers", () => {
  it("removes those that nobody needs, from the top down", async () => {
    const base = await add(now, null, { a: "1" });
    const left = await add(now, base, { b: "2" });
    const right = await add(now, base, { c: "3" });
    expect(now.store.release(base)).toEqual([]); // two stand on it
    expect(now.store.release(left)).toEqual([left]);
    expect(now.store.get(base.chainId)).toBe(base);
    expect(now.store.release(right)).toEqual([right, base]);
    expect(inventory(now)).toEqual(exactly(0));
  });
});

describe("a container's layer", () => {
  it("stands on its init files and the image's", async () => {
    const top = await add(now, null, { a: "1" });
    const layer = now.store.createWritable("c1", top);
    expect(inventory(now)).toEqual(exactly(1, 1));
    expect(layer.lower).toHaveLength(2);
    expect(now.sys.files.exists(`${layer.lower[0]}/.dockerenv`)).toBe(true);
    expect(now.sys.files.readLink(`${layer.lower[0]}/etc/mtab`)).toBe("/proc/mounts");
    expect(now.sys.files.readText(`${layer.lower[1]}/a`)).toBe("1");
    expect(now.store.writable("c1")).toEqual(layer);
    expect(now.store.writable("c2")).toBeUndefined();
  });

  it("may stand on nothing", () => {
    const layer = now.store.createWritable("c1", null);
    expect(layer.lower).toHaveLength(1);
    now.store.removeWritable("c1");
    expect(inventory(now)).toEqual(exactly(0));
  });

  it("keeps its image's layers until it is removed", async () => {
    const top = await add(now, null, { a: "1" });
    now.store.createWritable("c1", top);
    expect(now.store.release(top)).toEqual([]);
    now.store.removeWritable("c1");
    expect(inventory(now)).toEqual(exactly(0));
    now.store.removeWritable("c1"); // absent is fine
  });

  it("is mounted once, and unmounted as often as one likes", async () => {
    const top = await add(now, null, { a: "1", "etc/hosts": "image" });
    const layer = now.store.createWritable("c1", top);
    now.store.mount(layer);
    now.store.mount(layer);
    expect(now.sys.mounts.mounted).toEqual([
      {
        source: "overlay",
        target: layer.merged,
        type: "overlay",
        data: `lowerdir=${layer.lower.join(":")},upperdir=${layer.upper},workdir=${layer.work}`,
      },
    ]);
    expect(now.sys.files.list(layer.merged)).toEqual([".dockerenv", "a", "dev", "etc", "proc", "sys"]);
    now.store.unmount(layer);
    now.store.unmount(layer);
    expect(now.store.isMounted(layer)).toBe(false);
  });

  it("is mounted by short paths where the options would not fit into a page", async () => {
    let top: Layer | null = null;
    for (let depth = 0; depth < 125; depth++) top = await add(now, top, { [`file${depth}`]: "" });
    const layer = now.store.createWritable("c1", top);
    now.store.mount(layer);
    const [mount] = now.sys.mounts.mounted;
    expect(mount?.directory).toBe(OVERLAY);
    expect(mount?.data?.length).toBeLessThan(4096);
    expect(now.sys.files.list(layer.merged)).toContain("file0");
  });

  it("counts what was written to it", async () => {
    const layer = now.store.createWritable("c1", await add(now, null, { a: "1" }));
    now.sys.files.seed({ [`${layer.upper}/new`]: "12345" });
    expect(now.store.writableSize(layer)).toBe(5);
  });

  it("is unmounted with its removal", async () => {
    const layer = now.store.createWritable("c1", null);
    now.store.mount(layer);
    now.store.removeWritable("c1");
    expect(now.sys.mounts.mounted).toEqual([]);
    expect(inventory(now)).toEqual(exactly(0));
  });
});

describe("another process", () => {
  it("finds everything again", async () => {
    const base = await add(now, null, { a: "1" });
    const top = await add(now, base, { b: "2" });
    now.store.createWritable("c1", top);
    const later = reopen(now, [top.chainId], ["c1"]);
    expect(later.store.get(top.chainId)).toEqual(top);
    expect(inventory(later)).toEqual(exactly(2, 1));
    later.store.removeWritable("c1");
    const found = later.store.get(top.chainId);
    expect(found && later.store.release(found)).toEqual([top, base]);
    expect(inventory(later)).toEqual(exactly(0));
  });

  it("removes what belongs to no image and no container", async () => {
    const kept = await add(now, null, { a: "1" });
    await add(now, kept, { b: "2" });
    now.store.createWritable("gone", kept);
    now.store.createWritable("kept", kept);
    const later = reopen(now, [kept.chainId], ["kept"]);
    expect(inventory(later)).toEqual(exactly(1, 1));
    expect(later.store.writable("kept")).toBeDefined();
  });

  it("starts even where the layer below a container is gone", async () => {
    const top = await add(now, null, { a: "1" });
    now.store.createWritable("c1", top);
    now.sys.files.removeTree(`${ROOT}/image/overlay2/layerdb/sha256`);
    const later = reopen(now, [], ["c1"]);
    later.store.removeWritable("c1");
    expect(inventory(later)).toEqual(exactly(0));
  });
});

async function prepare(): Promise<Fixture & { base: Layer }> {
  const fresh = fixture();
  return { ...fresh, base: await add(fresh, null, { a: "1" }) };
}

function unpack(sys: FakeSys): (directory: string) => Promise<Unpacked> {
  return async directory => {
    const unpacker = sys.bytes.createUnpacker(directory);
    unpacker.write(tarOf({ b: "2", "dir/c": "3" }));
    return unpacker.end();
  };
}

describe("whatever fails", () => {
  it("adding a layer either ends well or leaves nothing", async () => {
    const operations = await failAtEach("ENOSPC", {
      prepare,
      work: ({ sys, store, base }) => store.add(base, unpack(sys)),
      check: (left, done) => expect(inventory(left)).toEqual(exactly(done ? 2 : 1)),
    });
    expect(operations).toBeGreaterThan(20);
  });

  it("making a container's layer either ends well or leaves nothing", async () => {
    const operations = await failAtEach("ENOSPC", {
      prepare,
      work: ({ store, base }) => void store.createWritable("c1", base),
      check: (left, done) => {
        expect(inventory(left)).toEqual(exactly(1, done ? 1 : 0));
        expect(left.store.writable("c1") !== undefined).toBe(done);
      },
    });
    expect(operations).toBeGreaterThan(20);
  });

  it("a crash while a layer is added costs only that layer", async () => {
    await crashAtEach({
      prepare,
      work: ({ sys, store, base }) => store.add(base, unpack(sys)),
      check: async (left, done) => {
        const chainId = (await add(await prepare(), left.base, { b: "2", "dir/c": "3" })).chainId;
        const later = reopen(left, [left.base.chainId, chainId], []);
        const survived = later.store.get(chainId) !== undefined;
        if (done) expect(survived).toBe(true);
        expect(inventory(later)).toEqual(exactly(survived ? 2 : 1));
        if (survived)
          expect(later.sys.files.readText(`${OVERLAY}/${later.store.get(chainId)?.cacheId}/diff/dir/c`)).toBe(
            "3",
          );
      },
    });
  });

  it("a crash while a container's layer is made costs only that", async () => {
    await crashAtEach({
      prepare,
      work: ({ store, base }) => void store.createWritable("c1", base),
      check: (left, done) => {
        const forgotten = reopen(left, [left.base.chainId], []);
        expect(inventory(forgotten)).toEqual(exactly(1));
        if (done) expect(reopen(left, [], ["c1"]).store.writable("c1")).toBeUndefined();
      },
    });
  });

  it("a crash while layers are released leaves none behind that is not whole", async () => {
    await crashAtEach({
      prepare: async () => {
        const fresh = await prepare();
        return { ...fresh, top: await add(fresh, fresh.base, { b: "2" }) };
      },
      work: ({ store, base, top }) => {
        store.release(base);
        store.release(top);
      },
      check: left => expect(inventory(reopen(left, [], []))).toEqual(exactly(0)),
    });
  });

  it("a crash while a container's layer is removed leaves all of it or nothing", async () => {
    await crashAtEach({
      prepare: async () => {
        const fresh = await prepare();
        fresh.store.mount(fresh.store.createWritable("c1", fresh.base));
        return fresh;
      },
      work: ({ store }) => store.removeWritable("c1"),
      check: left => {
        const later = reopen(left, [left.base.chainId], ["c1"]);
        const layer = later.store.writable("c1");
        expect(inventory(later)).toEqual(exactly(1, layer ? 1 : 0));
        if (!layer) return;
        later.store.mount(layer);
        later.store.removeWritable("c1");
        expect(inventory(later)).toEqual(exactly(1));
      },
    });
  });
});
