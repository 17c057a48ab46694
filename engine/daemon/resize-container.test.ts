import { beforeEach, describe, expect, it } from "vitest";
import { create, run } from "../testing/fake-containers.ts";
import { type FakeDaemon, openFakeDaemon } from "../testing/fake-daemon.ts";
import { addImage } from "../testing/fake-images.ts";
import { resizeContainer } from "./resize-container.ts";

let fake: FakeDaemon;

beforeEach(async () => {
  fake = await openFakeDaemon();
  await addImage(fake.daemon);
});

describe("resizing", () => {
  it("reaches the terminal", async () => {
    const { shim } = await run(fake, "web", {}, { Tty: true });
    await resizeContainer(fake.daemon, "web", 24, 80);
    expect(shim.resizes).toEqual(["24 80"]);
    expect(fake.daemon.events.past().at(-1)).toMatchObject({
      Action: "resize",
      Actor: { Attributes: { height: "24", width: "80" } },
    });
  });

  it("needs a process", async () => {
    const container = await create(fake, "web");
    await expect(resizeContainer(fake.daemon, "web", 24, 80)).rejects.toMatchObject({
      kind: "conflict",
      message: `container ${container.id} is not running`,
    });
  });
});
