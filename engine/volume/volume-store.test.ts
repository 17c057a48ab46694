import { beforeEach, describe, expect, it } from "vitest";
import { type FakeSys, fakeSys, restarted } from "../sys/fake/sys.ts";
import { crashAtEach, failAtEach } from "../testing/at-each-operation.ts";
import { type VolumeRequest, VolumeStore } from "./volume-store.ts";

const ROOT = "/data/volumes";

let sys: FakeSys;
let problems: string[];
let store: VolumeStore;

function open(on: FakeSys): VolumeStore {
  return new VolumeStore(on, "/data", problem => problems.push(problem));
}

beforeEach(() => {
  sys = fakeSys();
  problems = [];
  store = open(sys);
});

function request(name: string, more: Partial<VolumeRequest> = {}): VolumeRequest {
  return { name, driver: "", options: null, labels: null, ...more };
}

function names(of = store): string[] {
  return of.list().map(({ name }) => name);
}

describe("a volume", () => {
  it("has a directory and a record, and is found by its name", () => {
    const { volume, created } = store.create(request("aa", { labels: { one: "1" } }));
    expect(created).toBe(true);
    expect(volume).toEqual({
      name: "aa",
      path: `${ROOT}/aa/_data`,
      createdAt: "2026-01-02T03:04:05Z",
      labels: { one: "1" },
      options: null,
    });
    expect(sys.files.stat(volume.path)?.kind).toBe("directory");
    expect(store.find("aa")).toEqual(volume);
    expect(store.get("bb")).toBeUndefined();
    expect(() => store.find("bb")).toThrow("get bb: no such volume");
  });

  it("is made only once", () => {
    store.create(request("aa", { labels: { one: "1" } }));
    const again = store.create(request("aa", { labels: { two: "2" } }));
    expect(again.created).toBe(false);
    expect(again.volume.labels).toEqual({ one: "1" });
  });

  it("gets a name where it has none, and a label that says so", () => {
    const { volume } = store.create(request(""));
    expect(volume.name).toMatch(/^[0-9a-f]{64}$/);
    expect(volume.labels).toEqual({ "com.docker.volume.anonymous": "" });
  });

  it.each([
    [
      request("a"),
      "invalid",
      "create a: volume name is too short, names should be at least two alphanumeric characters",
    ],
    [request("a/b"), "invalid", /^create a\/b: "a\/b" includes invalid characters for a local volume name/],
    [request(".."), "invalid", /includes invalid characters/],
    [
      request("aa", { driver: "nfs" }),
      "not-found",
      'create aa: error looking up volume plugin nfs: plugin "nfs" not found',
    ],
    [request("aa", { options: { colour: "red" } }), "invalid", 'create aa: invalid option: "colour"'],
    [
      request("aa", { options: { type: "tmpfs" } }),
      "invalid",
      'create aa: missing required option: "device"',
    ],
    [
      request("aa", { options: { size: "1m" } }),
      "invalid",
      "create aa: quota size requested but no quota support",
    ],
  ])("can't be made of %j", (wrong, kind, message) => {
    expect(() => store.create(wrong)).toThrow(expect.objectContaining({ kind }));
    expect(() => store.create(wrong)).toThrow(message);
    expect(sys.files.list(ROOT)).toEqual([]);
  });

  it("takes up a directory that somebody has made meanwhile", () => {
    sys.files.seed({ [`${ROOT}/aa/_data/file`]: "1" });
    const { volume, created } = store.create(request("aa", { labels: { one: "1" } }));
    expect(created).toBe(true);
    expect(store.size(volume)).toBe(1);
    expect(open(restarted(sys)).find("aa")).toEqual(volume);
    expect(sys.files.list(ROOT)).toEqual(["aa"]);
  });

  it("goes with its files", () => {
    const { volume } = store.create(request("aa"));
    sys.files.seed({ [`${volume.path}/file`]: "12345" });
    expect(store.size(volume)).toBe(5);
    store.remove(volume);
    expect(names()).toEqual([]);
    expect(sys.files.list(ROOT)).toEqual([]);
  });

  it("stays while a container uses it", () => {
    const { volume } = store.create(request("aa"));
    store.use("aa", "c1");
    store.use("aa", "c2");
    expect(() => store.remove(volume)).toThrow("remove aa: volume is in use - [c1, c2]");
    store.release("aa", "c1");
    store.release("aa", "c2");
    store.remove(volume);
    expect(names()).toEqual([]);
  });
});

describe("the next daemon", () => {
  it("finds what was made, in the order of names", () => {
    for (const name of ["bb", "aa"]) store.create(request(name, { labels: { name } }));
    const later = open(restarted(sys));
    expect(later.list()).toEqual(store.list());
    expect(names(later)).toEqual(["aa", "bb"]);
  });

  it("takes up directories that somebody has put there", () => {
    sys.files.makeDirectories(`${ROOT}/hand/_data`);
    sys.files.seed({ [`${ROOT}/metadata.db`]: "not ours" });
    const [volume] = open(restarted(sys)).list();
    expect(volume).toMatchObject({ name: "hand", labels: null, createdAt: "2026-01-02T03:04:05.000Z" });
  });

  it("reports a record that it can't read, and keeps the files", () => {
    const { volume } = store.create(request("aa"));
    sys.files.seed({ [`${ROOT}/aa/volume.json`]: "{" });
    expect(names(open(restarted(sys)))).toEqual(["aa"]);
    expect(problems).toEqual([expect.stringContaining(`${ROOT}/aa/volume.json: `)]);
    expect(sys.files.exists(volume.path)).toBe(true);
  });
});

describe("files on their way into a volume", () => {
  it("take the place of its own, which are none", () => {
    const { volume } = store.create(request("aa"));
    const stage = store.openStage(volume);
    sys.files.seed({ [`${stage}/file`]: "x" });
    store.commitStage(volume);
    expect(sys.files.list(volume.path)).toEqual(["file"]);
  });

  it("are dropped, also by the next daemon", () => {
    const { volume } = store.create(request("aa"));
    store.openStage(volume);
    store.dropStage(volume);
    store.openStage(volume);
    open(restarted(sys));
    expect(sys.files.list(`${ROOT}/aa`)).toEqual(["_data", "volume.json"]);
  });
});

describe("a volume whose files are elsewhere", () => {
  const options = { type: "tmpfs", device: "tmpfs", o: "size=1m,uid=5,ro" };

  it("is mounted as long as anybody needs it", () => {
    const { volume } = store.create(request("aa", { options }));
    store.mount(volume);
    store.mount(volume);
    expect(sys.mounts.mounted).toEqual([
      { source: "tmpfs", target: volume.path, type: "tmpfs", flags: 1, data: "size=1m,uid=5" },
    ]);
    store.unmount(volume);
    expect(sys.mounts.mounted).toHaveLength(1);
    store.unmount(volume);
    expect(sys.mounts.mounted).toEqual([]);
  });

  it("tells why it can't be mounted, without the password", () => {
    const cifs = { type: "cifs", device: "//host/share", o: "username=a,password=secret" };
    const { volume } = store.create(request("aa", { options: cifs }));
    sys.files.faults.failAt(1, "EACCES");
    expect(() => store.mount(volume)).toThrow(
      `failed to mount local volume: mount //host/share:${volume.path}, data: username=a,password=********: permission denied`,
    );
  });

  it("is left mounted for those who run, and for nobody else", () => {
    for (const name of ["aa", "bb"]) store.mount(store.create(request(name, { options })).volume);
    const now = restarted(sys);
    const later = open(now);
    later.adoptMount(later.find("aa"));
    later.collectGarbage();
    expect(now.mounts.mounted.map(({ target }) => target)).toEqual([`${ROOT}/aa/_data`]);
    later.unmount(later.find("aa"));
    expect(now.mounts.mounted).toEqual([]);
  });
});

interface Fixture {
  readonly sys: FakeSys;
  readonly store: VolumeStore;
}

async function prepare(): Promise<Fixture> {
  const fresh = fakeSys();
  return { sys: fresh, store: open(fresh) };
}

async function prepareFull(): Promise<Fixture> {
  const fresh = await prepare();
  const { volume } = fresh.store.create(request("aa"));
  fresh.sys.files.seed({ [`${volume.path}/a`]: "1", [`${volume.path}/b`]: "2" });
  return fresh;
}

describe("whatever fails", () => {
  it("making a volume ends well or leaves nothing", async () => {
    const operations = await failAtEach("ENOSPC", {
      prepare,
      work: fresh => fresh.store.create(request("aa")),
      check: (fresh, done) => expect(fresh.sys.files.list(ROOT)).toEqual(done ? ["aa"] : []),
    });
    expect(operations).toBe(6);
  });

  it("a removal that is refused leaves the volume", async () => {
    await failAtEach("EBUSY", {
      prepare: prepareFull,
      work: fresh => fresh.store.remove(fresh.store.find("aa")),
      check: (fresh, done) => {
        expect(names(fresh.store)).toEqual(done ? [] : ["aa"]);
        expect(fresh.sys.files.list(ROOT)).toEqual(done ? [] : ["aa"]);
      },
    });
  });

  it("a crash leaves a new volume whole or not at all", async () => {
    await crashAtEach({
      prepare,
      work: fresh => fresh.store.create(request("aa", { labels: { one: "1" } })),
      check: (fresh, done) => {
        const later = restarted(fresh.sys);
        const found = open(later).list();
        if (done || found.length > 0) expect(found).toMatchObject([{ name: "aa", labels: { one: "1" } }]);
        expect(later.files.list(ROOT)).toEqual(found.map(({ name }) => name));
      },
    });
  });

  it("a crash leaves a removed volume whole or not at all", async () => {
    await crashAtEach({
      prepare: prepareFull,
      work: fresh => fresh.store.remove(fresh.store.find("aa")),
      check: (fresh, done) => {
        const later = restarted(fresh.sys);
        const found = names(open(later));
        if (done) expect(found).toEqual([]);
        if (found.length > 0) expect(later.files.list(`${ROOT}/aa/_data`)).toEqual(["a", "b"]);
        expect(later.files.list(ROOT)).toEqual(found);
      },
    });
  });
});
