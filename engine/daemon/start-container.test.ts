import { beforeEach, describe, expect, it } from "vitest";
import { actions, create, exit, held, NOTHING_HELD, reload, run } from "../testing/fake-containers.ts";
import { CGROUP_ROOT, DATA_ROOT, type FakeDaemon, openFakeDaemon } from "../testing/fake-daemon.ts";
import { addImage } from "../testing/fake-images.ts";
import { killContainer } from "./kill-container.ts";
import { startContainer } from "./start-container.ts";
import { waitContainer } from "./wait-container.ts";

let fake: FakeDaemon;

beforeEach(async () => {
  fake = await openFakeDaemon();
  await addImage(fake.daemon);
});

describe("starting", () => {
  it("makes what a container needs, and says that it runs", async () => {
    const { container, shim } = await run(fake, "web", { Memory: 64 << 20 });
    expect(container.state).toMatchObject({ status: "running", pid: shim.pid, exitCode: 0 });
    expect(reload(fake, container).state).toEqual(container.state);
    expect(held(fake)).toMatchObject({ mounts: 1, networks: 1, cgroups: 1, shims: 1 });
    expect(fake.sys.files.readText(`${CGROUP_ROOT}/${container.id}/memory.max`)).toBe(`${64 << 20}`);
    expect(fake.sys.networks.namespaces.get(fake.daemon.sandboxes.path(container.id))?.links()[0]?.up).toBe(
      true,
    );
    expect(fake.sys.files.readText(`${DATA_ROOT}/containers/${container.id}/hostname`)).toBe(
      `${container.id.slice(0, 12)}\n`,
    );
    expect(actions(fake)).toEqual(["create", "start"]);
  });

  it.each([
    ["running", "not-modified", "container is already running"],
    ["paused", "conflict", "cannot start a paused container, try unpause instead"],
    ["removing", "conflict", "container is marked for removal and cannot be started"],
    ["dead", "conflict", "container is marked for removal and cannot be started"],
  ] as const)("is refused while %s", async (status, kind, message) => {
    const container = await create(fake, "web");
    container.state = { ...container.state, status };
    await expect(startContainer(fake.daemon, "web")).rejects.toMatchObject({ kind, message });
  });

  it("happens once, however often it is asked for at the same time", async () => {
    await create(fake, "web");
    const results = await Promise.allSettled([1, 2, 3].map(() => startContainer(fake.daemon, "web")));
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
    expect(fake.shims.all).toHaveLength(1);
  });

  it("works again after an exit", async () => {
    const running = await run(fake, "web");
    await exit(fake, running, 3);
    await startContainer(fake.daemon, "web");
    expect(running.container.state).toMatchObject({ status: "running", exitCode: 0, error: "" });
    expect(fake.shims.all).toHaveLength(2);
  });

  it("goes on where the state cannot be written, and is still supervised", async () => {
    const container = await create(fake, "web");
    fake.shims.onStart = shim => {
      fake.sys.files.faults.failAt(1, "ENOSPC");
      shim.start();
    };
    await startContainer(fake.daemon, "web");
    expect(fake.log).toEqual([expect.stringMatching(/^error: failed to store container/)]);
    await exit(fake, { container, shim: fake.shims.latest }, 0);
    expect(container.state.status).toBe("exited");
  });
});

describe("a start that fails", () => {
  const INIT =
    "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: " +
    "unable to start container process: error during container init";

  it.each<[string, number, string, string, number]>([
    ["exec", 2, "lookup", 'exec: "app": executable file not found in $PATH: unknown', 127],
    ["exec", 2, "stat", 'exec: "app": stat app: no such file or directory: unknown', 127],
    ["exec", 13, "check", 'exec: "app": permission denied: unknown', 126],
    ["exec", 21, "check", 'exec: "app": is a directory: unknown: permission denied', 126],
    ["exec", 8, "exec", "exec app: exec format error: unknown", 128],
    ["chdir", 20, "", 'chdir to cwd ("/") set in config.json failed: not a directory: unknown', 127],
    ["hostname", 1, "", "hostname: operation not permitted: unknown", 128],
  ])("at %s with errno %i (%s) is told in Docker's words", async (step, errno, detail, message, exitCode) => {
    const container = await create(fake, "web");
    fake.shims.onStart = shim =>
      shim.fail(
        shim.steps.findIndex(([name]) => name === step),
        errno,
        detail,
      );
    const hint =
      step === "chdir"
        ? ": Are you trying to mount a directory onto a file (or vice-versa)? " +
          "Check if the specified host path exists and is the expected type"
        : "";
    const expected = `${INIT}: ${message}${hint}`;
    await expect(startContainer(fake.daemon, "web")).rejects.toThrow(expected);
    expect(container.state).toMatchObject({ status: "created", exitCode, error: expected, pid: 0 });
    expect(reload(fake, container).state).toEqual(container.state);
    expect(held(fake)).toEqual(NOTHING_HELD);
  });

  it("removes the container where that was asked for", async () => {
    await create(fake, "web", { AutoRemove: true });
    const removed = waitContainer(fake.daemon, "web", "removed");
    fake.shims.onStart = shim => shim.fail(0, 1);
    await expect(startContainer(fake.daemon, "web")).rejects.toThrow("operation not permitted");
    expect(fake.daemon.containers.size).toBe(0);
    expect((await removed).exitCode).toBe(128);
  });

  it.each([
    ["the shim cannot be started", 128],
    ["the shim dies", 128],
  ])("where %s", async (what, exitCode) => {
    const container = await create(fake, "web");
    if (what === "the shim dies") fake.shims.onStart = shim => shim.die();
    else
      fake.sys.processes.onSpawn = () => {
        throw new Error("exec /usr/lib/drydock/shim: no such file or directory");
      };
    await expect(startContainer(fake.daemon, "web")).rejects.toThrow();
    expect(container.state).toMatchObject({ status: "created", exitCode });
    expect(held(fake)).toEqual(NOTHING_HELD);
  });

  it("leaves nothing, at whatever operation the disk is full", async () => {
    await create(fake, "web");
    for (let n = 1; ; n++) {
      fake.sys.files.faults.failAt(n, "ENOSPC");
      const failed = await startContainer(fake.daemon, "web").then(
        () => false,
        () => true,
      );
      const { isDue } = fake.sys.files.faults;
      fake.sys.files.faults.clear();
      if (!failed && isDue) break;
      if (failed) expect(held(fake)).toEqual(NOTHING_HELD);
      else await killContainer(fake.daemon, "web", "");
      expect(n).toBeLessThan(200);
    }
    await killContainer(fake.daemon, "web", "");
    expect(held(fake)).toEqual(NOTHING_HELD);
  });
});
