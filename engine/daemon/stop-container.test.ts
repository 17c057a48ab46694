import { beforeEach, describe, expect, it } from "vitest";
import { actions, create, run } from "../testing/fake-containers.ts";
import { type FakeDaemon, openFakeDaemon } from "../testing/fake-daemon.ts";
import { addImage } from "../testing/fake-images.ts";
import { isSettled, settle } from "../testing/turns.ts";
import { killContainer } from "./kill-container.ts";
import { restartContainer, stopContainer } from "./stop-container.ts";

const KILL = 9;
const TERM = 15;
const BY_DEFAULT = { signal: "", timeout: undefined };

let fake: FakeDaemon;

beforeEach(async () => {
  fake = await openFakeDaemon();
  await addImage(fake.daemon);
});

describe("stopping", () => {
  it("asks first, with the container's own signal", async () => {
    await run(fake, "web", {}, { StopSignal: "SIGINT" });
    await stopContainer(fake.daemon, "web", BY_DEFAULT);
    expect(fake.sys.processes.signals.map(({ signal }) => signal)).toEqual([2]);
    expect(actions(fake)).toEqual(["create", "start", "kill", "die", "stop"]);
    expect(fake.sys.clock.pending).toBe(0);
  });

  it("kills a process that doesn't listen, after ten seconds", async () => {
    const { container } = await run(fake, "web");
    fake.shims.onSignal = (shim, signal) => {
      if (signal === KILL) shim.exit(137, KILL);
    };
    const stopped = stopContainer(fake.daemon, "web", BY_DEFAULT);
    await settle();
    fake.sys.clock.advance(9999);
    expect(await isSettled(stopped)).toBe(false);
    fake.sys.clock.advance(1);
    await stopped;
    expect(fake.sys.processes.signals.map(({ signal }) => signal)).toEqual([TERM, KILL]);
    expect(container.state).toMatchObject({ status: "exited", exitCode: 137 });
  });

  it.each([
    [{ signal: "", timeout: 2 }, {}, 2000],
    [{ signal: "", timeout: 0 }, {}, 0],
    [BY_DEFAULT, { StopTimeout: 3 }, 3000],
  ])("waits as long as %j with %j says", async (options, config, ms) => {
    await run(fake, "web", {}, config);
    fake.shims.onSignal = (shim, signal) => {
      if (signal === KILL) shim.exit(137, KILL);
    };
    const stopped = stopContainer(fake.daemon, "web", options);
    await settle();
    if (ms > 0) fake.sys.clock.advance(ms - 1);
    expect(await isSettled(stopped)).toBe(false);
    fake.sys.clock.advance(1);
    await stopped;
  });

  it("may wait for ever", async () => {
    const running = await run(fake, "web");
    fake.shims.onSignal = () => {};
    const stopped = stopContainer(fake.daemon, "web", { signal: "HUP", timeout: -1 });
    await settle();
    fake.sys.clock.advance(3_600_000);
    expect(await isSettled(stopped)).toBe(false);
    running.shim.exit(0);
    await stopped;
    expect(fake.sys.processes.signals.map(({ signal }) => signal)).toEqual([1]);
  });

  it("is no change for a container that doesn't run", async () => {
    await create(fake, "web");
    await expect(stopContainer(fake.daemon, "web", BY_DEFAULT)).rejects.toMatchObject({
      kind: "not-modified",
    });
  });

  it("refuses signals that don't exist, and leaves the container alone", async () => {
    const { container } = await run(fake, "web");
    await expect(stopContainer(fake.daemon, "web", { signal: "NOPE", timeout: 1 })).rejects.toThrow(
      "invalid signal: NOPE",
    );
    expect(container.state.status).toBe("running");
    expect(container.manuallyStopped).toBe(false);
    expect(fake.sys.processes.signals).toEqual([]);
  });
});

describe("restarting", () => {
  it("stops and starts", async () => {
    const { container } = await run(fake, "web");
    await restartContainer(fake.daemon, "web", BY_DEFAULT);
    expect(container.state.status).toBe("running");
    expect(actions(fake)).toEqual(["create", "start", "kill", "die", "stop", "start", "restart"]);
  });

  it("starts what doesn't run", async () => {
    const container = await create(fake, "web");
    await restartContainer(fake.daemon, "web", BY_DEFAULT);
    expect(container.state.status).toBe("running");
  });
});

describe("killing", () => {
  it("waits for the end where nothing can prevent it", async () => {
    const { container } = await run(fake, "web");
    await killContainer(fake.daemon, "web", "");
    expect(container.state).toMatchObject({ status: "exited", exitCode: 137 });
  });

  it("sends any other signal and goes on", async () => {
    const { container } = await run(fake, "web");
    fake.shims.onSignal = () => {};
    await killContainer(fake.daemon, "web", "SIGUSR1");
    expect(container.state.status).toBe("running");
    expect(fake.daemon.events.past().at(-1)).toMatchObject({
      Action: "kill",
      Actor: { Attributes: { signal: "10" } },
    });
  });

  it("is refused where there is nothing to kill", async () => {
    const container = await create(fake, "web");
    await expect(killContainer(fake.daemon, "web", "")).rejects.toMatchObject({
      kind: "conflict",
      message: `container ${container.id} is not running`,
    });
    await expect(killContainer(fake.daemon, "web", "NOPE")).rejects.toMatchObject({ kind: "invalid" });
  });

  it("is fine with a process that has just ended", async () => {
    const running = await run(fake, "web");
    running.shim.exit(0);
    await killContainer(fake.daemon, "web", "TERM");
  });
});
