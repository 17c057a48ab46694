import { beforeEach, describe, expect, it } from "vitest";
import { transition } from "../container/state.ts";
import { actions, create, exit, held, NOTHING_HELD, run } from "../testing/fake-containers.ts";
import { DATA_ROOT, type FakeDaemon, openFakeDaemon } from "../testing/fake-daemon.ts";
import { addImage } from "../testing/fake-images.ts";
import { removeContainer } from "./remove-container.ts";
import { startContainer } from "./start-container.ts";
import { waitContainer } from "./wait-container.ts";

const FORCE = { force: true, volumes: false };
const GENTLY = { force: false, volumes: false };

let fake: FakeDaemon;

beforeEach(async () => {
  fake = await openFakeDaemon();
  await addImage(fake.daemon);
});

describe("removing", () => {
  it("takes everything away", async () => {
    const running = await run(fake, "web");
    await exit(fake, running, 0);
    await removeContainer(fake.daemon, "web", GENTLY);
    expect(fake.daemon.containers.size).toBe(0);
    expect(fake.sys.files.list(`${DATA_ROOT}/containers`)).toEqual([]);
    expect(fake.daemon.layers.writable(running.container.id)).toBeUndefined();
    expect(actions(fake).at(-1)).toBe("destroy");
  });

  it.each([
    [
      "running",
      'cannot remove container "web": container is running: stop the container before removing or force remove',
    ],
    ["paused", 'cannot remove container "web": container is paused and must be unpaused first'],
    [
      "restarting",
      'cannot remove container "web": container is restarting: stop the container before removing or force remove',
    ],
  ] as const)("is refused while %s", async (status, message) => {
    const { container } = await run(fake, "web");
    container.state = { ...container.state, status };
    await expect(removeContainer(fake.daemon, "web", GENTLY)).rejects.toMatchObject({
      kind: "conflict",
      message,
    });
  });

  it("is refused while it is under way", async () => {
    const container = await create(fake, "web");
    container.state = transition(container.state, "remove");
    await expect(removeContainer(fake.daemon, "web", FORCE)).rejects.toMatchObject({
      kind: "conflict",
      message: "removal of container web is already in progress",
    });
  });

  it("kills first where it is forced", async () => {
    await run(fake, "web");
    await removeContainer(fake.daemon, "web", FORCE);
    expect(fake.daemon.containers.size).toBe(0);
    expect(held(fake)).toEqual(NOTHING_HELD);
    expect(actions(fake).slice(2)).toEqual(["kill", "die", "destroy"]);
  });

  it("is fine with a container that removes itself", async () => {
    await run(fake, "web", { AutoRemove: true });
    await removeContainer(fake.daemon, "web", FORCE);
    expect(actions(fake).filter(action => action === "destroy")).toHaveLength(1);
  });

  it("waits for a start that is under way", async () => {
    const container = await create(fake, "web");
    const starting = startContainer(fake.daemon, "web");
    await expect(removeContainer(fake.daemon, "web", GENTLY)).rejects.toMatchObject({ kind: "conflict" });
    await starting;
    expect(container.state.status).toBe("running");
  });

  it("kills what is being started where it is forced", async () => {
    await create(fake, "web");
    const starting = startContainer(fake.daemon, "web");
    await removeContainer(fake.daemon, "web", FORCE);
    await starting;
    expect(fake.daemon.containers.size).toBe(0);
    expect(held(fake)).toEqual(NOTHING_HELD);
  });

  it("works on a full disk", async () => {
    await create(fake, "web");
    fake.sys.files.faults.failAt(1, "ENOSPC");
    await removeContainer(fake.daemon, "web", GENTLY);
    expect(fake.daemon.containers.size).toBe(0);
  });

  it("that fails half-way leaves a dead container, which can be removed again", async () => {
    const container = await create(fake, "web");
    const removed = waitContainer(fake.daemon, "web", "removed");
    fake.sys.files.faults.failAt(5, "EIO");
    await expect(removeContainer(fake.daemon, "web", GENTLY)).rejects.toThrow(
      /^cannot remove container "web": .*input\/output error/,
    );
    expect(container.state.status).toBe("dead");
    expect((await removed).error).toContain("input/output error");
    await removeContainer(fake.daemon, "web", GENTLY);
    expect(fake.daemon.containers.size).toBe(0);
  });
});
