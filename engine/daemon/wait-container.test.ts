import { beforeEach, describe, expect, it } from "vitest";
import { create, exit, run } from "../testing/fake-containers.ts";
import { type FakeDaemon, openFakeDaemon } from "../testing/fake-daemon.ts";
import { addImage } from "../testing/fake-images.ts";
import { isSettled } from "../testing/turns.ts";
import { removeContainer } from "./remove-container.ts";
import { startContainer } from "./start-container.ts";
import { waitContainer } from "./wait-container.ts";

const GENTLY = { force: false, volumes: false };

let fake: FakeDaemon;

beforeEach(async () => {
  fake = await openFakeDaemon();
  await addImage(fake.daemon);
});

describe("waiting", () => {
  it("ends at once for a container that doesn't run", async () => {
    const running = await run(fake, "web");
    await exit(fake, running, 4);
    expect(await waitContainer(fake.daemon, "web", "")).toEqual({ exitCode: 4, error: "" });
    expect(await waitContainer(fake.daemon, "web", "not-running")).toEqual({ exitCode: 4, error: "" });
  });

  it("waits for the next exit", async () => {
    const running = await run(fake, "web");
    await exit(fake, running, 4);
    const next = waitContainer(fake.daemon, "web", "next-exit");
    expect(await isSettled(next)).toBe(false);
    await startContainer(fake.daemon, "web");
    fake.shims.latest.exit(5);
    expect((await next).exitCode).toBe(5);
  });

  it("waits for the removal", async () => {
    const running = await run(fake, "web");
    const removed = waitContainer(fake.daemon, "web", "removed");
    await exit(fake, running, 6);
    expect(await isSettled(removed)).toBe(false);
    await removeContainer(fake.daemon, "web", GENTLY);
    expect(await removed).toEqual({ exitCode: 6, error: "" });
  });

  it("for an exit ends with the removal of a container that never ran", async () => {
    await create(fake, "web");
    const next = waitContainer(fake.daemon, "web", "next-exit");
    await removeContainer(fake.daemon, "web", GENTLY);
    expect(await next).toEqual({ exitCode: 0, error: "" });
  });

  it("knows its conditions", async () => {
    await create(fake, "web");
    expect(() => waitContainer(fake.daemon, "web", "someday")).toThrow('invalid condition: "someday"');
    expect(() => waitContainer(fake.daemon, "nope", "")).toThrow("No such container: nope");
  });
});
