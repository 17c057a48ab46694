import { beforeEach, describe, expect, it } from "vitest";
import type { ContainerConfig, HostConfig } from "../container/config.ts";
import { MountFlag } from "../sys/kernel.ts";
import { exit, held, NOTHING_HELD, run } from "../testing/fake-containers.ts";
import { DATA_ROOT, type FakeDaemon, openFakeDaemon } from "../testing/fake-daemon.ts";
import { addImage } from "../testing/fake-images.ts";

const RPRIVATE = MountFlag.private | MountFlag.recursive;
const [WRITABLE, READ_ONLY, READ_ONLY_TREE] = [0, 1, 2];
const LOCKED = MountFlag.noSuid | MountFlag.noDev | MountFlag.noExec;

let fake: FakeDaemon;

beforeEach(async () => {
  fake = await openFakeDaemon();
  await addImage(fake.daemon);
  fake.sys.files.seed({ "/host/file": "1", "/proc/self/mountinfo": "1 0 0:1 / / rw - tmpfs x rw\n" });
});

/** The steps that mount something of the user's, without the root file system that they begin with. */
async function mountSteps(
  hostConfig: Partial<HostConfig>,
  config: Partial<ContainerConfig> = {},
): Promise<unknown[][]> {
  const { shim } = await run(fake, `c${fake.shims.all.length}`, hostConfig, config);
  const own = /^\/(?:proc|sys|dev|etc)\b/;
  return shim.steps
    .filter(([name, , target]) => /^(?:bind|place|read-only)$/.test(name) && !own.test(target ?? ""))
    .map(([name, , ...rest]) => [name, ...rest.map(part => (/^\d+$/.test(part) ? Number(part) : part))]);
}

function failure(hostConfig: Partial<HostConfig>): Promise<unknown> {
  return run(fake, "web", hostConfig).then(
    () => "nothing",
    (error: Error) => error.message,
  );
}

describe("binds and volumes", () => {
  it("come in the order of their depth", async () => {
    const steps = await mountSteps({ Binds: ["/host:/a/b/c", "data:/a", "/host/file:/a/b:ro"] });
    expect(steps).toEqual([
      ["bind", "/a", `${DATA_ROOT}/volumes/data/_data`, "", 1, WRITABLE, 0],
      ["bind", "/a/b", "/host/file", "", 1, READ_ONLY_TREE, RPRIVATE],
      ["bind", "/a/b/c", "/host", "", 1, WRITABLE, RPRIVATE],
    ]);
  });

  it("have the options of --mount", async () => {
    const Mounts = [
      {
        Type: "bind",
        Source: "/host",
        Target: "/a",
        ReadOnly: true,
        BindOptions: { NonRecursive: true, ReadOnlyNonRecursive: true },
      },
      { Type: "volume", Source: "data", Target: "/b", ReadOnly: true },
    ];
    expect(await mountSteps({ Mounts })).toEqual([
      ["bind", "/a", "/host", "", 0, READ_ONLY, RPRIVATE],
      ["bind", "/b", `${DATA_ROOT}/volumes/data/_data`, "", 1, READ_ONLY_TREE, 0],
    ]);
  });

  it("may show a part of a volume", async () => {
    fake.daemon.volumes.create({ name: "data", driver: "", options: null, labels: null });
    fake.sys.files.seed({ [`${DATA_ROOT}/volumes/data/_data/sub/file`]: "1" });
    const Mounts = [
      { Type: "volume", Source: "data", Target: "/b", VolumeOptions: { Subpath: "sub", NoCopy: true } },
    ];
    const [step] = await mountSteps({ Mounts });
    expect(step?.slice(0, 4)).toEqual(["bind", "/b", `${DATA_ROOT}/volumes/data/_data`, "sub"]);
  });

  it("get the directories that are missing at the host, where -v names them", async () => {
    await mountSteps({ Binds: ["/new/dir:/a"] });
    expect(fake.sys.files.stat("/new/dir")?.kind).toBe("directory");
  });

  it("take the place of files that we would mount", async () => {
    const { shim } = await run(fake, "web", { Binds: ["/host/file:/etc/hosts"] });
    const hosts = shim.steps.filter(([name, , target]) => name === "bind" && target === "/etc/hosts");
    expect(hosts.map(step => step[3])).toEqual(["/host/file"]);
  });

  it("over /dev take all that would be below", async () => {
    const { shim } = await run(fake, "web", { Binds: ["/host:/dev"] });
    const places = shim.steps.filter(([name]) => name === "place").map(step => step[2]);
    expect(places).not.toContain("/dev");
    expect(places).not.toContain("/dev/pts");
  });

  it("are read-only with the root file system where they are ours", async () => {
    const { shim } = await run(fake, "web", { ReadonlyRootfs: true });
    const hosts = shim.steps.find(([name, , target]) => name === "bind" && target === "/etc/hosts");
    expect(hosts?.[6]).toBe(String(READ_ONLY));
  });
});

describe("a tmpfs", () => {
  it("has the options of --tmpfs and of --mount", async () => {
    const Mounts = [
      { Type: "tmpfs", Target: "/b", ReadOnly: true, TmpfsOptions: { SizeBytes: 1 << 20, Mode: 0o700 } },
    ];
    expect(await mountSteps({ Tmpfs: { "/a": "exec,size=1m" }, Mounts })).toEqual([
      ["place", "/a", "tmpfs", "tmpfs", MountFlag.noSuid | MountFlag.noDev, "size=1m"],
      ["place", "/b", "tmpfs", "tmpfs", LOCKED, "mode=700,size=1m"],
      ["read-only", "/b", 0],
    ]);
  });

  it("has others inside it", async () => {
    const steps = await mountSteps({ Tmpfs: { "/a": "" }, Binds: ["/host:/a/b"] });
    expect(steps.map(([name, target]) => [name, target])).toEqual([
      ["place", "/a"],
      ["bind", "/a/b"],
    ]);
  });
});

describe("a start", () => {
  it("mounts volumes that lie elsewhere, and its end unmounts them", async () => {
    const options = { type: "tmpfs", device: "tmpfs" };
    const { volume } = fake.daemon.volumes.create({ name: "data", driver: "", options, labels: null });
    const running = await run(fake, "web", { Binds: ["data:/d"] });
    expect(fake.sys.mounts.mounted.map(({ target }) => target)).toContain(volume.path);
    await exit(fake, running, 0);
    expect(held(fake)).toEqual(NOTHING_HELD);
    const seen = fake.daemon.events
      .past()
      .filter(({ Type, Actor }) => Type === "volume" && Actor.ID === "data");
    expect(seen.map(({ Action }) => Action)).toEqual(["mount", "unmount"]);
    expect(seen[0]?.Actor.Attributes).toMatchObject({
      container: running.container.id,
      destination: "/d",
      "read/write": "true",
      driver: "local",
    });
  });

  it("fails where a volume has gone, or can't be mounted", async () => {
    const subpath = { Subpath: "nope", NoCopy: true };
    expect(
      await failure({ Mounts: [{ Type: "volume", Source: "data", Target: "/b", VolumeOptions: subpath }] }),
    ).toMatch(/^cannot access path .*\/volumes\/data\/_data\/nope: lstat .*: no such file or directory$/);
    expect(held(fake)).toEqual(NOTHING_HELD);
  });

  it.each<[string, Partial<HostConfig>, string]>([
    [
      "spread to a source that does not",
      { Binds: ["/host:/a:rshared"] },
      "path /host is mounted on / but it is not a shared mount",
    ],
    [
      "follow a source that does not spread",
      { Binds: ["/host:/a:rslave"] },
      "path /host is mounted on / but it is not a shared or slave mount",
    ],
    [
      "be read-only and not so",
      {
        Mounts: [
          { Type: "bind", Source: "/host", Target: "/a", BindOptions: { ReadOnlyNonRecursive: true } },
        ],
      },
      "mount options conflict: !ReadOnly && BindOptions.ReadOnlyNonRecursive",
    ],
  ])("can't %s", async (_, hostConfig, message) => {
    expect(await failure(hostConfig)).toContain(message);
    expect(held(fake)).toEqual(NOTHING_HELD);
  });

  it("shares mounts with the host only where that is asked for", async () => {
    fake.sys.files.seed({ "/proc/self/mountinfo": "1 0 0:1 / / rw shared:1 - tmpfs x rw\n" });
    const { shim } = await run(fake, "web", { Binds: ["/host:/a:rshared"] });
    expect(shim.steps).toContainEqual(["mount", "", "/", "", String(MountFlag.shared), ""]);
  });
});
