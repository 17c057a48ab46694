import { beforeEach, describe, expect, it } from "vitest";
import { create, reload } from "../testing/fake-containers.ts";
import { type FakeDaemon, openFakeDaemon } from "../testing/fake-daemon.ts";
import { addImage } from "../testing/fake-images.ts";
import { renameContainer } from "./rename-container.ts";

let fake: FakeDaemon;

beforeEach(async () => {
  fake = await openFakeDaemon();
  await addImage(fake.daemon);
});

describe("renaming", () => {
  it("changes the name everywhere", async () => {
    const container = await create(fake, "web");
    renameContainer(fake.daemon, "web", "/api");
    expect(container.name).toBe("api");
    expect(reload(fake, container).name).toBe("api");
    expect(fake.daemon.events.past().at(-1)).toMatchObject({
      Action: "rename",
      Actor: { Attributes: { name: "api", oldName: "/web" } },
    });
  });

  it.each([
    ["web", "", "invalid", "Neither old nor new names may be empty"],
    ["", "x1", "invalid", "Neither old nor new names may be empty"],
    ["web", "web", "invalid", "Renaming a container with the same name as its current name"],
    ["web", "-x", "invalid", /Invalid container name/],
    ["web", "db", "conflict", /is already in use/],
    ["nope", "x1", "not-found", "No such container: nope"],
  ])("from %j to %j is refused", async (from, to, kind, message) => {
    await create(fake, "web");
    await create(fake, "db");
    const rename = (): void => renameContainer(fake.daemon, from, to);
    expect(rename).toThrow(message);
    expect(rename).toThrow(expect.objectContaining({ kind }));
  });

  it("that cannot be written has not happened", async () => {
    const container = await create(fake, "web");
    fake.sys.files.faults.failAt(1, "ENOSPC");
    expect(() => renameContainer(fake.daemon, "web", "api")).toThrow("no space left on device");
    expect(container.name).toBe("web");
    expect(fake.daemon.containers.isTaken("api")).toBe(false);
    expect(reload(fake, container).name).toBe("web");
  });
});
