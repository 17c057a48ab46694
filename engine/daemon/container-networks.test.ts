import { beforeEach, describe, expect, it } from "vitest";
import type { ContainerConfig, HostConfig } from "../container/config.ts";
import { create } from "../testing/fake-containers.ts";
import { type FakeDaemon, openFakeDaemon } from "../testing/fake-daemon.ts";
import { addImage } from "../testing/fake-images.ts";
import type { AskedEndpoints } from "./container-networks.ts";
import { createContainer } from "./create-container.ts";
import { createNetwork } from "./create-network.ts";

let fake: FakeDaemon;

beforeEach(async () => {
  fake = await openFakeDaemon();
  await addImage(fake.daemon);
});

/** The names of the networks of a new container. */
async function networksOf(NetworkMode: string, endpoints: AskedEndpoints = {}): Promise<string[]> {
  const { networking } = await create(fake, "web", { NetworkMode }, {}, endpoints);
  return Object.keys(networking.networks);
}

describe("the networks of a new container", () => {
  it.each([
    ["", ["bridge"]],
    ["default", ["bridge"]],
    ["none", ["none"]],
    ["later", ["later"]],
    ["container:other", []],
  ])("are those of its mode %j", async (mode, expected) => {
    expect(await networksOf(mode)).toEqual(expected);
  });

  it("are known by name, whatever they were asked for by", async () => {
    const id = await createNetwork(fake.daemon, { Name: "net" });
    expect(await networksOf(id.slice(0, 12), { [id.slice(0, 12)]: { Aliases: ["x"] } })).toEqual(["net"]);
  });

  it("may be several", async () => {
    expect(await networksOf("a1", { a1: {}, b2: { GwPriority: 1 } })).toEqual(["a1", "b2"]);
  });

  it("may leave the name of the default one to the daemon", async () => {
    expect(await networksOf("default", { default: { MacAddress: "02:00:00:00:00:01" } })).toEqual(["bridge"]);
  });
});

const SHARED = { NetworkMode: "container:other" };
const refused: [Partial<HostConfig>, Partial<ContainerConfig>, string][] = [
  [{ UTSMode: "host" }, { Hostname: "x" }, "conflicting options: hostname and the UTS mode"],
  [SHARED, { Hostname: "x" }, "conflicting options: hostname and the network mode"],
  [{ ...SHARED, Dns: ["1.1.1.1"] }, {}, "conflicting options: dns and the network mode"],
  [{ ...SHARED, ExtraHosts: ["a:1.1.1.1"] }, {}, "custom host-to-IP mapping and the network mode"],
  [{ ...SHARED, PublishAllPorts: true }, {}, "port publishing and the container type network mode"],
  [SHARED, { ExposedPorts: { "80/tcp": {} } }, "port exposing and the container type network mode"],
  [{ ...SHARED, Links: ["a"] }, {}, "container type network can't be used with links."],
  [{ NetworkMode: "host", Links: ["a"] }, {}, "host type networking can't be used with links."],
  [{ Links: ["a"] }, {}, "links in the default network are not supported"],
];

describe("a network mode", () => {
  it.each(refused)("with %j and %j is refused", async (hostConfig, config, message) => {
    await expect(create(fake, "web", hostConfig, config)).rejects.toThrow(message);
    expect(fake.daemon.containers.size).toBe(0);
  });

  it("of the host makes published ports useless, which is told", async () => {
    const PortBindings = { "80/tcp": [{ HostIp: "", HostPort: "80" }] };
    const { warnings } = await createContainer(fake.daemon, {
      name: "web",
      platform: null,
      config: { Image: "base" },
      hostConfig: { NetworkMode: "host", PortBindings },
      endpoints: {},
    });
    expect(warnings).toEqual(["Published ports are discarded when using host network mode"]);
  });
});

it("endpoints that make no sense are all told of", async () => {
  const asked = { bridge: { Aliases: ["x"] }, net: { MacAddress: "x" } };
  await expect(create(fake, "web", {}, {}, asked)).rejects.toThrow(
    "* invalid config for network bridge: invalid endpoint settings:\n\tnetwork-scoped alias is supported only " +
      "for containers in user defined networks\n* invalid config for network net: invalid MAC address x",
  );
});
