import { beforeEach, describe, expect, it } from "vitest";
import { actions, exit, held, NOTHING_HELD, reload, run } from "../testing/fake-containers.ts";
import { CGROUP_ROOT, DATA_ROOT, type FakeDaemon, openFakeDaemon } from "../testing/fake-daemon.ts";
import { addImage } from "../testing/fake-images.ts";
import { settle } from "../testing/turns.ts";
import { waitContainer } from "./wait-container.ts";

let fake: FakeDaemon;

beforeEach(async () => {
  fake = await openFakeDaemon();
  await addImage(fake.daemon);
});

describe("an exit", () => {
  it("is noted with its code and time, and gives everything back", async () => {
    const running = await run(fake, "web");
    fake.sys.clock.advance(61_500);
    await exit(fake, running, 3);
    const { container } = running;
    expect(container.state).toMatchObject({ status: "exited", exitCode: 3, pid: 0, oomKilled: false });
    expect(container.state.finishedAt).toBe("2026-01-02T03:05:06.5Z");
    expect(reload(fake, container).state).toEqual(container.state);
    expect(held(fake)).toEqual(NOTHING_HELD);
    const die = fake.daemon.events.past().at(-1);
    expect(die).toMatchObject({
      Action: "die",
      Actor: { Attributes: { exitCode: "3", execDuration: "61" } },
    });
  });

  it("for want of memory is noted and announced", async () => {
    const running = await run(fake, "web");
    fake.sys.files.write(`${CGROUP_ROOT}/${running.container.id}/memory.events`, "oom_kill 1\n");
    await exit(fake, running, 137);
    expect(running.container.state.oomKilled).toBe(true);
    expect(actions(fake)).toEqual(["create", "start", "oom", "die"]);
  });

  it("counts as a kill where its note cannot be read", async () => {
    const { container, shim } = await run(fake, "web");
    fake.sys.files.writeAtomic(`${shim.directory}/exit`, "garbage");
    shim.die();
    await settle();
    expect(container.state).toMatchObject({ status: "exited", exitCode: 137 });
    expect(fake.log).toEqual([expect.stringContaining("a shim's exit line: garbage")]);
    expect(held(fake)).toEqual(NOTHING_HELD);
  });

  it("removes the container where that was asked for", async () => {
    const running = await run(fake, "web", { AutoRemove: true });
    await exit(fake, running, 0);
    await settle();
    expect(fake.daemon.containers.size).toBe(0);
    expect(fake.sys.files.list(`${DATA_ROOT}/containers`)).toEqual([]);
    expect(actions(fake)).toEqual(["create", "start", "die", "destroy"]);
  });

  it("is announced, whatever fails at that", async () => {
    for (let n = 1; n <= 20; n++) {
      const { container } = await run(fake, `web${n}`);
      const waiting = waitContainer(fake.daemon, `web${n}`, "");
      fake.sys.files.faults.failAt(n, "EIO");
      fake.shims.latest.die();
      expect((await waiting).exitCode).toBe(137);
      expect(container.state.status).toBe("exited");
      fake.sys.files.faults.clear();
    }
  });
});
