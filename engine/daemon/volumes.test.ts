import { beforeEach, describe, expect, it } from "vitest";
import { parseFilters } from "../base/filters.ts";
import { create } from "../testing/fake-containers.ts";
import { type FakeDaemon, openFakeDaemon } from "../testing/fake-daemon.ts";
import { addImage } from "../testing/fake-images.ts";
import { createVolume } from "./create-volume.ts";
import { listContainers } from "./list-containers.ts";
import { listVolumes } from "./list-volumes.ts";
import { pruneVolumes } from "./prune-volumes.ts";
import { removeVolume } from "./remove-volume.ts";

let fake: FakeDaemon;

beforeEach(async () => {
  fake = await openFakeDaemon();
  await addImage(fake.daemon);
  make("data", { labels: { tier: "db" } });
  make("logs", { options: {} });
  make("remote", { options: { type: "nfs", device: ":/x", o: "addr=1.2.3.4" } });
  make("");
});

function make(
  name: string,
  more: { labels?: Record<string, string>; options?: Record<string, string> } = {},
): void {
  createVolume(fake.daemon, { name, driver: "", options: null, labels: null, ...more });
}

function filters(asked: Record<string, string[]>): ReturnType<typeof parseFilters> {
  return parseFilters(JSON.stringify(asked));
}

/** Names, short for those that are random. */
function names(list: readonly { Name: string }[]): string[] {
  return list.map(({ Name: name }) => (name.length === 64 ? "random" : name)).toSorted();
}

describe("the list of volumes", () => {
  it("shows what Docker's does", () => {
    const [data] = listVolumes(fake.daemon, filters({ name: ["^data$"] }));
    expect(data).toEqual({
      CreatedAt: "2026-01-02T03:04:05Z",
      Driver: "local",
      Labels: { tier: "db" },
      Mountpoint: "/var/lib/docker/volumes/data/_data",
      Name: "data",
      Options: null,
      Scope: "local",
    });
  });

  it.each<[Record<string, string[]>, string[]]>([
    [{}, ["data", "logs", "random", "remote"]],
    [{ name: ["o"] }, ["logs", "remote"]],
    [{ name: ["data", "logs"] }, ["data", "logs"]],
    [{ label: ["tier"] }, ["data"]],
    [{ label: ["tier=web"] }, []],
    [{ driver: ["local"] }, ["data", "logs", "random", "remote"]],
    [{ driver: ["nfs"] }, []],
    [{ dangling: ["false"] }, ["logs"]],
    [{ dangling: ["true"] }, ["data", "random", "remote"]],
  ])("filtered by %j", async (asked, found) => {
    await create(fake, "web", { Binds: ["logs:/l"] });
    expect(names(listVolumes(fake.daemon, filters(asked)))).toEqual(found);
  });

  it("refuses filters that it does not know", () => {
    expect(() => listVolumes(fake.daemon, filters({ size: ["1"] }))).toThrow("invalid filter 'size'");
    expect(() => listVolumes(fake.daemon, filters({ dangling: ["maybe"] }))).toThrow(
      "invalid filter 'dangling=[maybe]'",
    );
  });
});

describe("pruning", () => {
  it.each<[Record<string, string[]>, string[]]>([
    [{}, ["random"]],
    [{ all: ["true"] }, ["data", "random"]],
    [{ all: ["0"] }, ["random"]],
    [{ all: ["1"], label: ["tier=db"] }, ["data"]],
    [{ all: ["1"], "label!": ["tier"] }, ["random"]],
  ])("by %j", async (asked, removed) => {
    await create(fake, "web", { Binds: ["logs:/l"] });
    const report = pruneVolumes(fake.daemon, filters(asked));
    expect(names(report.VolumesDeleted.map(Name => ({ Name })))).toEqual(removed);
  });

  it("takes an empty set of options for none", () => {
    expect(pruneVolumes(fake.daemon, filters({ all: ["true"] })).VolumesDeleted).toContain("logs");
  });

  it("tells how much it has freed", () => {
    fake.sys.files.seed({ "/var/lib/docker/volumes/data/_data/file": "12345" });
    expect(pruneVolumes(fake.daemon, filters({ all: ["true"] })).SpaceReclaimed).toBe(5);
    expect(fake.daemon.events.past().at(-1)).toMatchObject({
      Type: "volume",
      Action: "prune",
      Actor: { Attributes: { reclaimed: "5" } },
    });
  });

  it("goes on behind one that can't be removed", () => {
    fake.sys.files.faults.failAt(1, "EBUSY");
    const { VolumesDeleted } = pruneVolumes(fake.daemon, filters({ all: ["true"] }));
    expect(VolumesDeleted).toHaveLength(2); // of three
    expect(fake.log).toEqual([expect.stringMatching(/^warning: remove .*busy/)]);
  });

  it.each([
    [{ all: ["x"] }, "invalid filter 'all': strconv.ParseBool: parsing \"x\": invalid syntax"],
    [{ all: ["1", "0"] }, "invalid filter 'all=[1 0]': only one value is expected"],
    [{ dangling: ["1"] }, "invalid filter 'dangling'"],
  ])("can't be by %j", (asked, message) => {
    expect(() => pruneVolumes(fake.daemon, filters(asked))).toThrow(message);
  });
});

describe("removing a volume", () => {
  it("is announced, as its making was", () => {
    removeVolume(fake.daemon, "logs", false);
    const seen = fake.daemon.events.past().filter(({ Actor }) => Actor.ID === "logs");
    expect(seen.map(({ Type, Action }) => `${Type} ${Action}`)).toEqual(["volume create", "volume destroy"]);
    expect(seen[0]?.Actor.Attributes).toEqual({ driver: "local" });
  });

  it("that is not there is fine only where it is forced", () => {
    expect(() => removeVolume(fake.daemon, "nope", false)).toThrow("get nope: no such volume");
    expect(() => removeVolume(fake.daemon, "nope", true)).not.toThrow();
  });
});

it("containers are found by what they mount", async () => {
  await create(fake, "web", { Binds: ["logs:/l", "/host:/h"] });
  await create(fake, "other");
  const found = (volume: string): number =>
    listContainers(fake.daemon, { all: true, limit: 0, size: false, filters: filters({ volume: [volume] }) })
      .length;
  expect(["logs", "/l", "/host", "/h", "data", "log"].map(found)).toEqual([1, 1, 1, 1, 0, 0]);
});
