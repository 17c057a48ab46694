import { beforeEach, describe, expect, it } from "vitest";
import type { NetworkCreateRequest } from "../api/network.ts";
import { parseFilters } from "../base/filters.ts";
import { actions, create, run } from "../testing/fake-containers.ts";
import { type FakeDaemon, openFakeDaemon } from "../testing/fake-daemon.ts";
import { addImage } from "../testing/fake-images.ts";
import { createNetwork } from "./create-network.ts";
import { inspectNetwork, listNetworks } from "./list-networks.ts";
import { pruneNetworks, removeNetwork } from "./remove-network.ts";

let fake: FakeDaemon;

beforeEach(async () => {
  fake = await openFakeDaemon();
  await addImage(fake.daemon);
});

function bridges(): string[] {
  return fake.sys.networks.host.links().flatMap(({ name }) => (name.startsWith("br-") ? [name] : []));
}

/** The names of those that pass a filter. */
function names(filters: string): string[] {
  return listNetworks(fake.daemon, parseFilters(filters)).map(({ Name }) => Name);
}

describe("a new network", () => {
  it("has the next subnet, a bridge and rules of its own", async () => {
    const id = await createNetwork(fake.daemon, { Name: "net", Labels: { a: "b" } });
    expect(inspectNetwork(fake.daemon, "net")).toMatchObject({
      Id: id,
      Driver: "bridge",
      Scope: "local",
      IPAM: { Driver: "default", Config: [{ Subnet: "172.18.0.0/16", Gateway: "172.18.0.1" }] },
      Labels: { a: "b" },
      Containers: {},
    });
    expect(bridges()).toEqual([`br-${id.slice(0, 12)}`]);
    expect(fake.iptables.rules("nat", "POSTROUTING")).toContain(
      `-s 172.18.0.0/16 ! -o br-${id.slice(0, 12)} -j MASQUERADE`,
    );
    expect(actions(fake, "network").at(-1)).toBe("create");
  });

  it("leaves alone what the host is on", async () => {
    fake.sys.networks.host.addRoute({ destination: "172.18.0.0", prefix: 16, index: 1 });
    await createNetwork(fake.daemon, { Name: "net" });
    expect(inspectNetwork(fake.daemon, "net").IPAM.Config).toMatchObject([{ Subnet: "172.19.0.0/16" }]);
  });

  it("may have IPv6, from the engine's own prefix", async () => {
    await createNetwork(fake.daemon, { Name: "net", EnableIPv6: true });
    const [, six] = inspectNetwork(fake.daemon, "net").IPAM.Config ?? [];
    expect(six?.Subnet).toMatch(/^fd[0-9a-f]{2}:[0-9a-f:]+::\/64$/);
  });

  const refused: [string, NetworkCreateRequest, string][] = [
    ["has Docker's own name", { Name: "host" }, "operation is not permitted on predefined host network "],
    ["has no name", { Name: " " }, "invalid name: name is empty"],
    ["has a name that is taken", { Name: "taken" }, "network with name taken already exists"],
    ["has a driver that is none", { Name: "x", Driver: "x" }, 'plugin "x" not found'],
    ["is the host's", { Name: "x", Driver: "host" }, 'only one instance of "host" network is allowed'],
    ["has no addresses", { Name: "x", EnableIPv4: false }, "IPv4 or IPv6 must be enabled"],
    ["has a bad subnet", { Name: "x", IPAM: { Config: [{ Subnet: "1.2.3" }] } }, "invalid subnet 1.2.3: "],
    [
      "has host bits in its subnet",
      { Name: "x", IPAM: { Config: [{ Subnet: "10.0.0.1/16" }] } },
      "invalid subnet 10.0.0.1/16: it should be 10.0.0.0/16",
    ],
    [
      "has a gateway elsewhere",
      { Name: "x", IPAM: { Config: [{ Subnet: "10.0.0.0/16", Gateway: "10.1.0.1" }] } },
      "parent subnet 10.0.0.0/16 doesn't contain this address",
    ],
    [
      "overlaps",
      { Name: "x", IPAM: { Config: [{ Subnet: "172.17.5.0/24" }] } },
      "invalid pool request: Pool overlaps with other one on this address space",
    ],
    [
      "has two subnets",
      { Name: "x", IPAM: { Config: [{ Subnet: "10.0.0.0/16" }, { Subnet: "10.1.0.0/16" }] } },
      "bridge driver doesn't support multiple subnets",
    ],
    [
      "has a bad option",
      { Name: "x", Options: { "com.docker.network.driver.mtu": "x" } },
      "failed to parse ",
    ],
    [
      "has another's bridge",
      { Name: "x", Options: { "com.docker.network.bridge.name": "docker0" } },
      "networks have same bridge name",
    ],
  ];

  it.each(refused)("is refused where it %s", async (_, request, message) => {
    await createNetwork(fake.daemon, { Name: "taken" });
    await expect(createNetwork(fake.daemon, request)).rejects.toThrow(message);
    expect(bridges()).toHaveLength(1);
    await createNetwork(fake.daemon, { Name: "next" });
    expect(inspectNetwork(fake.daemon, "next").IPAM.Config).toMatchObject([{ Subnet: "172.19.0.0/16" }]);
  });

  it("is taken back where its bridge cannot be made", async () => {
    fake.sys.networks.host.addAddress(1, "172.18.0.1", 16);
    const { host } = fake.sys.networks;
    const add = host.addAddress.bind(host);
    host.addAddress = (): void => {
      throw new Error("the kernel is full");
    };
    await expect(createNetwork(fake.daemon, { Name: "net" })).rejects.toThrow("the kernel is full");
    host.addAddress = add;
    expect(bridges()).toEqual([]);
    await createNetwork(fake.daemon, { Name: "net" });
    expect(bridges()).toHaveLength(1);
  });
});

describe("removing a network", () => {
  it("takes its bridge, its rules and its subnet", async () => {
    const before = fake.iptables.save();
    await createNetwork(fake.daemon, { Name: "net" });
    await removeNetwork(fake.daemon, "net");
    expect(bridges()).toEqual([]);
    expect(fake.iptables.save()).toBe(before);
    await createNetwork(fake.daemon, { Name: "net" });
    expect(inspectNetwork(fake.daemon, "net").IPAM.Config).toMatchObject([{ Subnet: "172.18.0.0/16" }]);
  });

  it.each([
    ["bridge", "forbidden", "bridge is a pre-defined network and cannot be removed"],
    ["nonsense", "not-found", "network nonsense not found"],
    ["net", "forbidden", 'error while removing network: network net has active endpoints (name:"web" id:"'],
  ])("refuses %s", async (name, kind, message) => {
    await createNetwork(fake.daemon, { Name: "net" });
    await run(fake, "web", { NetworkMode: "net" });
    await expect(removeNetwork(fake.daemon, name)).rejects.toMatchObject({
      kind,
      message: expect.stringContaining(message),
    });
  });

  it("prunes those that nobody uses and that match", async () => {
    for (const [Name, a] of [
      ["used", "1"],
      ["kept", "2"],
      ["gone", "1"],
    ] as const)
      await createNetwork(fake.daemon, { Name, Labels: { a } });
    await run(fake, "web", { NetworkMode: "used" });
    await create(fake, "idle", { NetworkMode: "gone" });
    const { NetworksDeleted } = await pruneNetworks(fake.daemon, parseFilters('{"label":["a=1"]}'));
    expect(NetworksDeleted).toEqual(["gone"]);
    expect(actions(fake, "network").slice(-2)).toEqual(["destroy", "prune"]);
  });

  it("prunes none that is younger than asked for", async () => {
    await createNetwork(fake.daemon, { Name: "net" });
    const { NetworksDeleted } = await pruneNetworks(fake.daemon, parseFilters('{"until":["1h"]}'));
    expect(NetworksDeleted).toBeNull();
  });
});

describe("the list of networks", () => {
  beforeEach(async () => {
    await createNetwork(fake.daemon, { Name: "one", Labels: { a: "1" } });
    await createNetwork(fake.daemon, { Name: "two" });
    await run(fake, "web", { NetworkMode: "two" });
  });

  it.each([
    ['{"driver":["bridge"]}', ["bridge", "one", "two"]],
    ['{"name":["o"]}', ["none", "host", "one", "two"]],
    ['{"type":["custom"]}', ["one", "two"]],
    ['{"type":["builtin"]}', ["none", "host", "bridge"]],
    ['{"dangling":["true"]}', ["one"]],
    ['{"label":["a=1"]}', ["one"]],
    ['{"scope":["swarm"]}', []],
  ])("with %s is %j", (filters, expected) => {
    expect(names(filters)).toEqual(expected);
  });

  it.each(['{"nonsense":["x"]}', '{"type":["x"]}', '{"dangling":["x"]}'])("refuses %s", filters => {
    expect(() => names(filters)).toThrow(/^invalid/);
  });

  it("finds one by the start of its id, with its containers", () => {
    const [network] = listNetworks(fake.daemon, parseFilters('{"name":["two"]}'));
    const found = inspectNetwork(fake.daemon, network?.Id.slice(0, 6) ?? "");
    const { id } = fake.daemon.containers.find("web");
    expect(found.Containers).toMatchObject({ [id]: { Name: "web", IPv4Address: "172.19.0.2/16" } });
  });
});
