import { beforeEach, describe, expect, it } from "vitest";
import type { Container } from "../container/container.ts";
import { crashAtEach } from "../testing/at-each-operation.ts";
import { create, exit, held, NOTHING_HELD, reload, run, type Running } from "../testing/fake-containers.ts";
import {
  DATA_ROOT,
  EXEC_ROOT,
  type FakeDaemon,
  openFakeDaemon,
  reopenFakeDaemon,
} from "../testing/fake-daemon.ts";
import { addImage } from "../testing/fake-images.ts";
import { settle } from "../testing/turns.ts";
import { killContainer } from "./kill-container.ts";
import { removeContainer } from "./remove-container.ts";
import { startContainer } from "./start-container.ts";
import { waitContainer } from "./wait-container.ts";

const GENTLY = { force: false, volumes: false };

async function prepare(): Promise<FakeDaemon> {
  const fresh = await openFakeDaemon();
  await addImage(fresh.daemon);
  return fresh;
}

let fake: FakeDaemon;

beforeEach(async () => {
  fake = await prepare();
});

/** The container "web" as the next daemon finds it. */
async function reopened(): Promise<{ later: FakeDaemon; container: Container }> {
  const later = await reopenFakeDaemon(fake);
  return { later, container: later.daemon.containers.find("web") };
}

describe("a container that runs", () => {
  it("is adopted, and goes on as before", async () => {
    const before = await run(fake, "web");
    const { later, container } = await reopened();
    expect(later.log).toEqual([`info: container ${container.id} is still running; adopted`]);
    expect(container.state).toEqual(before.container.state);
    expect(held(later)).toMatchObject({ mounts: 1, networks: 1, cgroups: 1, shims: 1 });
    const exited = waitContainer(later.daemon, "web", "");
    before.shim.exit(5);
    expect((await exited).exitCode).toBe(5);
    expect(held(later)).toMatchObject({ ...NOTHING_HELD, descriptors: expect.any(Number) });
  });

  it("can be killed by the next daemon", async () => {
    await run(fake, "web");
    const { later, container } = await reopened();
    await killContainer(later.daemon, "web", "");
    expect(container.state).toMatchObject({ status: "exited", exitCode: 137 });
  });

  it("keeps its state where it was paused", async () => {
    const { container: before } = await run(fake, "web");
    before.state = { ...before.state, status: "paused" };
    fake.daemon.containerFiles.save(before);
    const { container } = await reopened();
    expect(container.state.status).toBe("paused");
  });
});

describe("a container that ended meanwhile", () => {
  it("is noted with what its shim has left", async () => {
    const { shim } = await run(fake, "web");
    fake.sys.files.faults.crash();
    shim.exit(7);
    const { later, container } = await reopened();
    expect(container.state).toMatchObject({ status: "exited", exitCode: 7, pid: 0 });
    expect(container.state.finishedAt).toBe("2026-01-02T03:04:05Z");
    expect(reload(later, container).state).toEqual(container.state);
    expect(held(later)).toMatchObject({ ...NOTHING_HELD, descriptors: expect.any(Number) });
  });

  it("counts as lost where nobody saw it", async () => {
    const { shim } = await run(fake, "web");
    fake.sys.files.faults.crash();
    shim.die();
    const { later, container } = await reopened();
    expect(container.state).toMatchObject({ status: "exited", exitCode: 255 });
    expect(held(later)).toMatchObject({ mounts: 0, networks: 0, cgroups: 0, shims: 0 });
  });

  it("leaves no process behind where only its shim was killed", async () => {
    const { shim } = await run(fake, "web");
    fake.sys.files.faults.crash();
    shim.die(false);
    await reopened();
    expect(fake.sys.processes.isAlive(shim.pid)).toBe(false);
  });

  it("is removed where that was asked for", async () => {
    const { shim } = await run(fake, "web", { AutoRemove: true });
    fake.sys.files.faults.crash();
    shim.exit(0);
    const later = await reopenFakeDaemon(fake);
    expect(later.daemon.containers.size).toBe(0);
    expect(later.sys.files.list(`${DATA_ROOT}/containers`)).toEqual([]);
  });
});

describe("other states", () => {
  it.each(["created", "exited"] as const)("of a container are kept: %s", async status => {
    const container = await create(fake, "web");
    if (status === "exited") {
      await startContainer(fake.daemon, "web");
      await exit(fake, { container, shim: fake.shims.latest }, 3);
    }
    const later = await reopened();
    expect(later.container.state).toEqual(container.state);
    await startContainer(later.later.daemon, "web");
  });

  it.each(["removing", "dead"] as const)("end in its removal: %s", async status => {
    const container = await create(fake, "web");
    container.state = { ...container.state, status };
    fake.daemon.containerFiles.save(container);
    const later = await reopenFakeDaemon(fake);
    expect(later.daemon.containers.size).toBe(0);
    expect(later.sys.files.list(`${DATA_ROOT}/containers`)).toEqual([]);
    expect(later.sys.files.list(`${DATA_ROOT}/image/overlay2/layerdb/mounts`)).toEqual([]);
  });

  it("end in an exit where a restart was due", async () => {
    const { container: before, shim } = await run(fake, "web");
    before.state = { ...before.state, status: "restarting", pid: 0 };
    fake.daemon.containerFiles.save(before);
    fake.sys.files.faults.crash();
    shim.exit(1);
    const { container } = await reopened();
    expect(container.state).toMatchObject({ status: "exited", exitCode: 1 });
  });
});

describe("what belongs to nothing", () => {
  it("is cleared away", async () => {
    const { files, networks } = fake.sys;
    files.makeDirectory("/sys/fs/cgroup/docker/orphan");
    files.makeDirectories(`${EXEC_ROOT}/shim/orphan`);
    networks.create(`${EXEC_ROOT}/netns/orphan`);
    files.makeDirectories(`${DATA_ROOT}/overlay2/orphan/diff`);
    const later = await reopenFakeDaemon(fake);
    expect(held(later)).toEqual(NOTHING_HELD);
    expect(later.sys.files.exists("/sys/fs/cgroup/docker/orphan")).toBe(false);
    expect(later.sys.files.exists(`${DATA_ROOT}/overlay2/orphan`)).toBe(false);
  });

  it("such as a name of an image that is gone, is forgotten", async () => {
    const [image] = fake.daemon.images.all();
    if (image) fake.daemon.images.remove(image);
    const later = await reopenFakeDaemon(fake);
    expect([...later.daemon.references.all()]).toEqual([]);
  });
});

describe("what cannot be read", () => {
  it("is reported and kept, and keeps nobody from starting", async () => {
    const broken = await create(fake, "broken");
    await create(fake, "web");
    fake.sys.files.writeAtomic(`${DATA_ROOT}/containers/${broken.id}/config.v2.json`, "{");
    const { later } = await reopened();
    expect(later.daemon.containers.size).toBe(1);
    expect(later.log).toEqual([
      expect.stringContaining(`failed to load container ${broken.id}: SyntaxError`),
    ]);
    expect(later.daemon.layers.writable(broken.id)).toBeDefined();
  });

  it("such as a container that cannot be removed, keeps nobody from starting", async () => {
    const container = await create(fake, "dead");
    await create(fake, "web");
    container.state = { ...container.state, status: "dead" };
    fake.daemon.containerFiles.save(container);
    const layer = fake.daemon.layers.writable(container.id);
    fake.sys.files.makeDirectories(`${layer?.upper}/busy`);
    fake.daemon.sys.mounts.mount({ target: `${layer?.upper}/busy`, type: "tmpfs" }); // by somebody else
    const { later } = await reopened();
    expect(later.log).toContainEqual(expect.stringMatching(/^error: failed to restore container .*busy/));
    expect(later.daemon.containers.find("dead").state.status).toBe("dead");
  });

  it("such as two containers with one name, keeps nobody from starting", async () => {
    const first = await create(fake, "web");
    const second = await create(fake, "other");
    second.name = "web";
    fake.daemon.containerFiles.save(second);
    const { later, container } = await reopened();
    expect(container.id).toBe(first.id);
    expect(later.log).toEqual([expect.stringMatching(/^error: failed to load container .*Conflict/)]);
  });
});

const check = async (before: FakeDaemon): Promise<FakeDaemon> => {
  const later = await reopenFakeDaemon(before);
  const alive = later.daemon.containers.all().filter(({ state }) => state.status === "running").length;
  expect(held(later)).toMatchObject({ mounts: alive, networks: alive, cgroups: alive, shims: alive });
  expect(later.log.filter(line => line.startsWith("error"))).toEqual([]);
  return later;
};

describe("a crash", () => {
  /** Nothing is held for containers that don't run. */
  it("in a start leaves a container that runs or one that does not", async () => {
    await crashAtEach({
      prepare: async () => {
        const fresh = await prepare();
        await create(fresh, "web");
        return fresh;
      },
      work: fresh => startContainer(fresh.daemon, "web"),
      check: async (fresh, done) => {
        const later = await check(fresh);
        const { status } = later.daemon.containers.find("web").state;
        if (done) expect(status).toBe("running");
        if (status === "running") await killContainer(later.daemon, "web", "");
        else await startContainer(later.daemon, "web");
      },
    });
  });

  it("in an exit loses nothing that was announced", async () => {
    await crashAtEach({
      prepare: async () => {
        const fresh = await prepare();
        const running = await run(fresh, "web");
        return { ...fresh, running };
      },
      work: (fresh: FakeDaemon & { running: Running }) => {
        void waitContainer(fresh.daemon, "web", "");
        fresh.running.shim.exit(9);
        return settle();
      },
      check: async fresh => {
        const later = await check(fresh);
        const { state } = later.daemon.containers.find("web");
        expect(state).toMatchObject({ status: "exited", exitCode: 9 });
      },
    });
  });

  it("in a removal leaves all of a container or nothing", async () => {
    await crashAtEach({
      prepare: async () => {
        const fresh = await prepare();
        await exit(fresh, await run(fresh, "web"), 0);
        return fresh;
      },
      work: fresh => removeContainer(fresh.daemon, "web", GENTLY),
      check: async (fresh, done) => {
        const later = await check(fresh);
        if (done) expect(later.daemon.containers.size).toBe(0);
        if (later.daemon.containers.size > 0) await startContainer(later.daemon, "web");
        else expect(later.sys.files.list(`${DATA_ROOT}/image/overlay2/layerdb/mounts`)).toEqual([]);
      },
    });
  });
});
