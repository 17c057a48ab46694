import { beforeEach, describe, expect, it } from "vitest";
import { type FakeSys, fakeSys, restarted } from "../sys/fake/sys.ts";
import { crashAtEach, failAtEach } from "../testing/at-each-operation.ts";
import { emptyConfig, emptyHostConfig } from "./config.ts";
import { Container } from "./container.ts";
import { ContainerFiles } from "./container-files.ts";
import { type ContainerState, createdState, type Status } from "./state.ts";

const ID = "c".repeat(64);

function makeContainer(): Container {
  return new Container({
    id: ID,
    name: "web",
    created: "2026-01-02T03:04:05.6Z",
    imageId: `sha256:${"1".repeat(64)}`,
    path: "sh",
    args: ["-c", "true"],
    config: { ...emptyConfig(), Hostname: "h", Env: ["A=1"], Labels: { a: "b" } },
    hostConfig: { ...emptyHostConfig(), Memory: 1 << 26 },
  });
}

let sys: FakeSys;
let files: ContainerFiles;

beforeEach(() => {
  sys = fakeSys();
  files = new ContainerFiles(sys.files, "/data");
});

/** The state of a container after it was written and read. */
function roundTrip(state: ContainerState): ContainerState {
  const container = makeContainer();
  container.state = state;
  if (files.ids().length === 0) files.create(container);
  else files.save(container);
  return files.load(ID).state;
}

describe("a container", () => {
  it("is read as it was written", () => {
    const container = makeContainer();
    container.restartCount = 3;
    container.hasStarted = true;
    container.manuallyStopped = true;
    files.create(container);
    expect(files.ids()).toEqual([ID]);
    expect(files.load(ID)).toEqual(container);
  });

  it("is kept in Docker's files, under Docker's names", () => {
    files.create(makeContainer());
    expect(sys.files.list(`/data/containers/${ID}`)).toEqual(["config.v2.json", "hostconfig.json"]);
    const stored: object = JSON.parse(sys.files.readText(files.path(ID, "config.v2.json")));
    expect(stored).toMatchObject({
      ID,
      Name: "/web",
      Driver: "overlay2",
      LogPath: files.logPath(ID),
      State: { Running: false, Pid: 0, StartedAt: "0001-01-01T00:00:00Z" },
    });
  });

  it("has a log only where it is written to a file", () => {
    const container = makeContainer();
    container.hostConfig = { ...emptyHostConfig(), LogConfig: { Type: "none", Config: {} } };
    files.create(container);
    expect(JSON.parse(sys.files.readText(files.path(ID, "config.v2.json")))).toMatchObject({ LogPath: "" });
  });

  it("is written again as it lives", () => {
    const container = makeContainer();
    files.create(container);
    container.name = "renamed";
    files.save(container);
    container.hostConfig = { ...emptyHostConfig(), Memory: 5 };
    files.saveHostConfig(container);
    expect(files.load(ID)).toEqual(container);
  });

  it("is gone when it is removed", () => {
    files.create(makeContainer());
    files.remove(ID);
    files.remove(ID);
    expect(sys.files.list("/data/containers")).toEqual([]);
    expect(() => files.load(ID)).toThrow("no such file or directory");
  });
});

describe("a state", () => {
  const started = { startedAt: "2026-01-02T03:04:05Z", finishedAt: "2026-01-02T03:04:06Z" };

  it.each(["created", "running", "paused", "restarting", "removing", "exited", "dead"] satisfies Status[])(
    "is read as it was written: %s",
    status => {
      const pid = status === "running" || status === "paused" ? 123 : 0;
      const times = status === "created" ? {} : started;
      const state = { ...createdState, ...times, status, pid, exitCode: 7, error: "why", oomKilled: true };
      expect(roundTrip(state)).toEqual(state);
    },
  );

  it("has no process where none can be", () => {
    expect(roundTrip({ ...createdState, ...started, status: "exited", pid: 99 }).pid).toBe(0);
  });
});

async function prepare(): Promise<{ sys: FakeSys; files: ContainerFiles; container: Container }> {
  const fresh = fakeSys();
  return { sys: fresh, files: new ContainerFiles(fresh.files, "/data"), container: makeContainer() };
}

describe("whatever fails", () => {
  it("making a container either ends well or leaves nothing", async () => {
    const operations = await failAtEach("ENOSPC", {
      prepare,
      work: ({ files: own, container }) => own.create(container),
      check: (left, done) => expect(left.sys.files.list("/data/containers")).toEqual(done ? [ID] : []),
    });
    expect(operations).toBe(8);
  });

  it.each(["create", "remove"] as const)("a crash in %s leaves it whole or not at all", async operation => {
    await crashAtEach({
      prepare: async () => {
        const fresh = await prepare();
        if (operation === "remove") fresh.files.create(fresh.container);
        return fresh;
      },
      work: ({ files: own, container }) => {
        if (operation === "create") own.create(container);
        else own.remove(container.id);
      },
      check: (left, done) => {
        const later = restarted(left.sys);
        const found = new ContainerFiles(later.files, "/data");
        if (done) expect(found.ids()).toEqual(operation === "create" ? [ID] : []);
        for (const id of found.ids()) expect(found.load(id)).toEqual(left.container);
        expect(later.files.list("/data/containers")).toEqual(found.ids());
      },
    });
  });

  it("a crash while a state is saved leaves the old one or the new one", async () => {
    await crashAtEach({
      prepare: async () => {
        const fresh = await prepare();
        fresh.files.create(fresh.container);
        fresh.container.name = "new";
        return fresh;
      },
      work: ({ files: own, container }) => own.save(container),
      check: (left, done) => {
        const { name } = new ContainerFiles(restarted(left.sys).files, "/data").load(ID);
        expect(done ? ["new"] : ["web", "new"]).toContain(name);
      },
    });
  });
});
