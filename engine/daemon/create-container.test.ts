import { beforeEach, describe, expect, it } from "vitest";
import { crashAtEach, failAtEach } from "../testing/at-each-operation.ts";
import { create } from "../testing/fake-containers.ts";
import { DATA_ROOT, type FakeDaemon, openFakeDaemon, reopenFakeDaemon } from "../testing/fake-daemon.ts";
import { addImage } from "../testing/fake-images.ts";
import { createContainer } from "./create-container.ts";

let fake: FakeDaemon;

beforeEach(async () => {
  fake = await openFakeDaemon();
  await addImage(fake.daemon);
});

/** The directories of containers and their layers. */
function inventory({ sys }: FakeDaemon): { containers: string[]; mounts: number; directories: number } {
  return {
    containers: sys.files.list(`${DATA_ROOT}/containers`),
    mounts: sys.files.list(`${DATA_ROOT}/image/overlay2/layerdb/mounts`).length,
    directories: sys.files.list(`${DATA_ROOT}/overlay2`).length - 2, // l/ and the image's layer
  };
}

describe("a new container", () => {
  it("has a name, an id, a layer and files, and is announced", async () => {
    const container = await create(fake, "web", {}, { Labels: { a: "1" } });
    expect(container).toMatchObject({ name: "web", path: "app", args: [], hasStarted: false });
    expect(container.id).toMatch(/^[0-9a-f]{64}$/);
    expect(container.state.status).toBe("created");
    expect(inventory(fake)).toEqual({ containers: [container.id], mounts: 1, directories: 2 });
    expect(fake.daemon.events.past().at(-1)).toMatchObject({
      Type: "container",
      Action: "create",
      Actor: { ID: container.id, Attributes: { a: "1", image: "base", name: "web" } },
    });
  });

  it("gets a name of Docker's kind where none was asked for", async () => {
    expect((await create(fake, "")).name).toMatch(/^[a-z]+_[a-z]+$/);
    expect((await create(fake, "")).name).not.toBe((await create(fake, "")).name);
  });

  it("is found again by the next daemon", async () => {
    const container = await create(fake, "web", { Memory: 64 << 20 }, { Env: ["A=1"] });
    const later = await reopenFakeDaemon(fake);
    expect(later.daemon.containers.find("web")).toEqual(container);
    expect(later.daemon.layers.writable(container.id)).toBeDefined();
    expect(later.log).toEqual([]);
  });

  it.each([
    [{ name: "-x" }, "invalid", /^Invalid container name \(-x\)/],
    [{ name: "taken" }, "conflict", /^Conflict\. The container name "\/taken" is already in use/],
    [{ image: "nope" }, "not-found", /^No such image: nope:latest$/],
    [
      { image: "Nope" },
      "invalid",
      /^invalid reference format: repository name \(library\/Nope\) must be lowercase$/,
    ],
    [
      { platform: { os: "linux", architecture: "arm64" } },
      "not-found",
      /^image with reference base was found but its platform \(linux\/386\) does not match the specified platform \(linux\/arm64\)$/,
    ],
  ])("cannot be %j", async (request, kind, message) => {
    await create(fake, "taken");
    const before = inventory(fake);
    const {
      name = "web",
      image = "base",
      platform = null,
    } = request as {
      name?: string;
      image?: string;
      platform?: { os: string; architecture: string };
    };
    const make = (): Promise<unknown> =>
      createContainer(fake.daemon, { name, platform, config: { Image: image }, hostConfig: {} });
    await expect(make()).rejects.toThrow(message);
    await expect(make()).rejects.toMatchObject({ kind });
    expect(inventory(fake)).toEqual(before);
  });
});

const prepare = async (): Promise<FakeDaemon> => {
  const fresh = await openFakeDaemon();
  await addImage(fresh.daemon);
  return fresh;
};

describe("whatever fails", () => {
  it("a container is made or nothing is left of it", async () => {
    const operations = await failAtEach("ENOSPC", {
      prepare,
      work: fresh => create(fresh, "web"),
      check: async (fresh, done) => {
        const { containers, mounts, directories } = inventory(fresh);
        expect([containers.length, mounts, directories]).toEqual(done ? [1, 1, 2] : [0, 0, 0]);
        expect(fresh.daemon.containers.isTaken("web")).toBe(done);
        if (!done) expect((await create(fresh, "web")).name).toBe("web");
      },
    });
    expect(operations).toBeGreaterThan(40);
  });

  it("a crash leaves it whole or not at all, and the next daemon starts", async () => {
    await crashAtEach({
      prepare,
      work: fresh => create(fresh, "web"),
      check: async (fresh, done) => {
        const later = await reopenFakeDaemon(fresh);
        expect(later.log).toEqual([]);
        const [container] = later.daemon.containers.all();
        if (done) expect(container).toBeDefined();
        const { containers, mounts, directories } = inventory(later);
        expect([containers.length, mounts, directories]).toEqual(container ? [1, 1, 2] : [0, 0, 0]);
        expect(later.daemon.images.count).toBe(1);
      },
    });
  });
});
