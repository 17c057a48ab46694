import { beforeEach, describe, expect, it } from "vitest";
import type { ContainerConfig, HostConfig } from "../container/config.ts";
import type { Container } from "../container/container.ts";
import { crashAtEach, failAtEach } from "../testing/at-each-operation.ts";
import { create, exit, held, NOTHING_HELD, run } from "../testing/fake-containers.ts";
import { DATA_ROOT, type FakeDaemon, openFakeDaemon, reopenFakeDaemon } from "../testing/fake-daemon.ts";
import { addImage, BASE_FILES } from "../testing/fake-images.ts";
import { settle } from "../testing/turns.ts";
import { createVolume } from "./create-volume.ts";
import { removeContainer } from "./remove-container.ts";

const VOLUMES = `${DATA_ROOT}/volumes`;
const FILES = { ...BASE_FILES, "srv/": "", "srv/page": "hello", "srv/sub/": "", "srv/sub/deep": "x" };
const WITH_VOLUMES = { force: true, volumes: true };

async function prepare(): Promise<FakeDaemon> {
  const fresh = await openFakeDaemon();
  await addImage(fresh.daemon, { names: ["base"], layers: [FILES] });
  return fresh;
}

let fake: FakeDaemon;

beforeEach(async () => {
  fake = await prepare();
});

function mounts({ mountPoints }: Container): Record<string, string> {
  return Object.fromEntries(
    Object.values(mountPoints).map(({ Destination, Type, Name, Source, RW }) => [
      Destination,
      `${Type} ${Type === "volume" ? Name : Source}${RW ? "" : " ro"}`.trim(),
    ]),
  );
}

function volumeNames({ daemon }: FakeDaemon): string[] {
  return daemon.volumes.list().map(({ name }) => name);
}

function isMounted({ sys }: FakeDaemon, volume: string): boolean {
  return sys.mounts.mounted.some(({ target }) => target === `${VOLUMES}/${volume}/_data`);
}

function filesIn({ sys }: FakeDaemon, volume: string): string[] {
  return sys.files.list(`${VOLUMES}/${volume}/_data`);
}

const anonymous: Partial<ContainerConfig> = { Volumes: { "/srv": {} } };

describe("mounts of a new container", () => {
  it("are binds and volumes, which are made where they are missing", async () => {
    const container = await create(fake, "web", { Binds: ["/host:/a:ro", "data:/b"], Tmpfs: { "/t": "" } });
    expect(mounts(container)).toEqual({ "/a": "bind /host ro", "/b": "volume data" });
    expect(container.mountPoints["/b"]).toMatchObject({ Source: `${VOLUMES}/data/_data`, Relabel: "z" });
    expect(volumeNames(fake)).toEqual(["data"]);
    expect(fake.sys.files.exists("/host")).toBe(false); // not before it is started
  });

  it("take volumes with options and labels from --mount", async () => {
    const VolumeOptions = {
      Labels: { a: "1" },
      DriverConfig: { Name: "local", Options: { type: "tmpfs", device: "tmpfs" } },
    };
    await create(fake, "web", { Mounts: [{ Type: "volume", Source: "data", Target: "/b", VolumeOptions }] });
    expect(fake.daemon.volumes.find("data")).toMatchObject({
      labels: { a: "1" },
      options: { type: "tmpfs", device: "tmpfs" },
    });
    expect(held(fake)).toEqual(NOTHING_HELD);
  });

  it("are volumes without a name where the configuration asks for some", async () => {
    const container = await create(fake, "web", {}, { Volumes: { "/a/": {}, "/b": {} } });
    const [first, second] = Object.values(container.mountPoints);
    expect([first?.Destination, second?.Destination]).toEqual(["/a", "/b"]);
    expect(new Set(volumeNames(fake))).toEqual(new Set([first?.Name, second?.Name]));
    expect(fake.daemon.volumes.find(first?.Name ?? "").labels).toEqual({ "com.docker.volume.anonymous": "" });
  });

  it("of the configuration give way to those that were asked for", async () => {
    const config = { Volumes: { "/a": {}, "/b": {}, "/c": {} } };
    const Mounts = [{ Type: "tmpfs", Target: "/c" }];
    const container = await create(fake, "web", { Binds: ["data:/a"], Tmpfs: { "/b": "" }, Mounts }, config);
    expect(mounts(container)).toEqual({ "/a": "volume data", "/c": "tmpfs" });
  });

  it("come from another container, over them one's own", async () => {
    await create(fake, "old", { Binds: ["data:/a", "/host:/b", "more:/c"] });
    const container = await create(fake, "web", { VolumesFrom: ["old:ro"], Binds: ["own:/c"] });
    expect(mounts(container)).toEqual({
      "/a": "volume data ro",
      "/b": "bind /host ro",
      "/c": "volume own",
    });
    expect(fake.daemon.volumes.users(fake.daemon.volumes.find("data"))).toHaveLength(2);
  });

  it.each<[Partial<HostConfig>, string]>([
    [{ Binds: ["aa:/a", "bb:/a"] }, "Duplicate mount point: /a"],
    [{ Binds: ["aa:/a"], Tmpfs: { "/a": "" } }, "Duplicate mount point: /a"],
    [{ Binds: ["aa:/a"], Mounts: [{ Type: "tmpfs", Target: "/a" }] }, "Duplicate mount point: /a"],
    [{ VolumesFrom: ["nobody"] }, "No such container: nobody"],
    [{ Tmpfs: { a: "" } }, "invalid mount path: 'a' mount path must be absolute"],
    [
      { Mounts: [{ Type: "bind", Source: "/nope", Target: "/a" }] },
      'invalid mount config for type "bind": bind source path does not exist: /nope',
    ],
    [
      { Binds: [`${DATA_ROOT}:/a:shared`] },
      `invalid mount config: must use either propagation mode "rslave" or "rshared" when mount source is within the daemon root, daemon root: "${DATA_ROOT}", bind mount source: "${DATA_ROOT}", propagation: "shared"`,
    ],
    [
      { Binds: ["aa:/a"], VolumeDriver: "nfs" },
      'create aa: error looking up volume plugin nfs: plugin "nfs" not found',
    ],
  ])("can't be %j", async (hostConfig, message) => {
    await expect(create(fake, "web", hostConfig)).rejects.toThrow(message);
    expect(fake.daemon.containers.size).toBe(0);
    expect(volumeNames(fake)).toEqual([]);
    expect(fake.sys.files.list(`${DATA_ROOT}/containers`)).toEqual([]);
  });

  it("can't have a volume over a file of the image", async () => {
    await expect(create(fake, "web", {}, { Volumes: { "/srv/page": {} } })).rejects.toThrow(
      /^cannot mount volume over existing file, file exists .*\/merged\/srv\/page$/,
    );
    expect(volumeNames(fake)).toEqual([]);
    expect(held(fake)).toEqual(NOTHING_HELD);
  });
});

describe("an empty volume", () => {
  it("gets the image's files", async () => {
    await create(fake, "web", { Binds: ["data:/srv"] });
    expect(filesIn(fake, "data")).toEqual(["page", "sub"]);
    expect(fake.sys.files.readText(`${VOLUMES}/data/_data/sub/deep`)).toBe("x");
    expect(held(fake)).toEqual(NOTHING_HELD);
  });

  it("gets them while others have their turn", async () => {
    fake.sys.trees.filesATurn = 1;
    const creating = create(fake, "web", { Binds: ["data:/srv"] });
    await settle();
    expect(filesIn(fake, "data")).toEqual([]); // they come all at once
    for (let turn = 0; turn < 4; turn++) {
      fake.sys.clock.advance(0);
      await settle();
    }
    await creating;
    expect(filesIn(fake, "data")).toEqual(["page", "sub"]);
  });

  it("stays empty where that was asked for, or the image has nothing there", async () => {
    await create(fake, "web", { Binds: ["data:/srv:nocopy", "more:/elsewhere"] });
    expect([filesIn(fake, "data"), filesIn(fake, "more")]).toEqual([[], []]);
  });

  it("is filled in place where it is another's too, or mounted from elsewhere", async () => {
    await create(fake, "first", { Binds: ["data:/nothing"] });
    await create(fake, "second", { Binds: ["data:/srv"] });
    expect(filesIn(fake, "data")).toEqual(["page", "sub"]);
  });

  it("is only filled where it is empty", async () => {
    fake.sys.files.seed({
      [`${createVolume(fake.daemon, { name: "data", driver: "", options: null, labels: null }).path}/own`]:
        "",
    });
    await create(fake, "web", { Binds: ["data:/srv"] });
    expect(filesIn(fake, "data")).toEqual(["own"]);
  });

  it("can't be filled from a file", async () => {
    await expect(create(fake, "web", { Binds: ["data:/srv/page"] })).rejects.toThrow(
      "source page is not directory",
    );
    expect(held(fake)).toEqual(NOTHING_HELD);
  });
});

describe("volumes at a container's end", () => {
  it("stay, unless those without a name are to go too", async () => {
    for (const name of ["web", "db"]) await create(fake, name, { Binds: ["data:/d"] }, anonymous);
    await removeContainer(fake.daemon, "web", { force: false, volumes: false });
    expect(volumeNames(fake)).toHaveLength(3);
    await removeContainer(fake.daemon, "db", WITH_VOLUMES);
    expect(volumeNames(fake)).toHaveLength(2);
    expect(volumeNames(fake)).toContain("data");
  });

  it("stay where another container has come to use them", async () => {
    const first = await create(fake, "first", {}, anonymous);
    const name = first.mountPoints["/srv"]?.Name ?? "";
    await create(fake, "second", { VolumesFrom: ["first"] });
    await removeContainer(fake.daemon, "first", WITH_VOLUMES);
    expect(volumeNames(fake)).toEqual([name]);
    await removeContainer(fake.daemon, "second", WITH_VOLUMES);
    expect(volumeNames(fake)).toEqual([]);
  });

  it("that removes itself go with it", async () => {
    const running = await run(fake, "web", { AutoRemove: true, Binds: ["data:/d"] }, anonymous);
    expect(volumeNames(fake)).toHaveLength(2);
    await exit(fake, running, 0);
    expect(volumeNames(fake)).toEqual(["data"]);
    expect(held(fake)).toEqual(NOTHING_HELD);
  });
});

describe("the next daemon", () => {
  it("knows who uses which volume", async () => {
    const container = await create(fake, "web", { Binds: ["data:/d"] }, anonymous);
    const later = await reopenFakeDaemon(fake);
    expect(later.daemon.containers.find("web").mountPoints).toEqual(container.mountPoints);
    expect(() => later.daemon.volumes.remove(later.daemon.volumes.find("data"))).toThrow("volume is in use");
    await removeContainer(later.daemon, "web", WITH_VOLUMES);
    expect(volumeNames(later)).toEqual(["data"]);
  });

  it("keeps what running containers have mounted", async () => {
    const options = { type: "tmpfs", device: "tmpfs" };
    createVolume(fake.daemon, { name: "data", driver: "", options, labels: null });
    const { shim, container } = await run(fake, "web", { Binds: ["data:/d"] });
    const later = await reopenFakeDaemon(fake);
    expect(isMounted(later, "data")).toBe(true);
    await exit(later, { shim, container: later.daemon.containers.find(container.id) }, 0);
    expect(held(later)).toMatchObject({ mounts: 0, views: 0 });
  });
});

const request: Partial<HostConfig> = { Binds: ["data:/srv"] };

describe("whatever fails", () => {
  it("only volumes with a name are left of a container that can't be made", async () => {
    await failAtEach("ENOSPC", {
      prepare,
      work: fresh => create(fresh, "web", request, { Volumes: { "/anon": {} } }),
      check: (fresh, done) => {
        expect(volumeNames(fresh).filter(name => name !== "data")).toHaveLength(done ? 1 : 0);
        expect(fresh.sys.files.list(`${DATA_ROOT}/containers`)).toHaveLength(done ? 1 : 0);
        expect(held(fresh)).toEqual(NOTHING_HELD);
        const files = fresh.daemon.volumes.get("data") ? filesIn(fresh, "data") : [];
        expect([[], ["page", "sub"]]).toContainEqual(files); // all or nothing
      },
    });
  });

  it("a crash leaves no volume of a container that is not there, and no half of one", async () => {
    await crashAtEach({
      prepare,
      work: fresh => create(fresh, "web", request, { Volumes: { "/anon": {} } }),
      check: async fresh => {
        const later = await reopenFakeDaemon(fresh);
        expect(later.log).toEqual([]);
        const count = later.daemon.containers.size;
        expect(volumeNames(later).filter(name => name !== "data")).toHaveLength(count);
        expect(later.sys.files.list(`${DATA_ROOT}/containers`)).toHaveLength(count);
        const files = later.daemon.volumes.get("data") ? filesIn(later, "data") : [];
        expect([[], ["page", "sub"]]).toContainEqual(files);
      },
    });
  });

  it("a removal that a crash cuts short ends as it began", async () => {
    await crashAtEach({
      prepare: async () => {
        const fresh = await prepare();
        await create(fresh, "web", request, { Volumes: { "/anon": {} } });
        return fresh;
      },
      work: fresh => removeContainer(fresh.daemon, "web", WITH_VOLUMES),
      check: async (fresh, done) => {
        const later = await reopenFakeDaemon(fresh);
        const count = later.daemon.containers.size;
        if (done) expect(count).toBe(0);
        expect(volumeNames(later)).toHaveLength(count + 1);
      },
    });
  });
});
