import { beforeEach, describe, expect, it } from "vitest";
import { actions, create, exit, held, NOTHING_HELD, reload, run } from "../testing/fake-containers.ts";
import { dnsAddresses, dnsQuery } from "../testing/dns-query.ts";
import { DATA_ROOT, type FakeDaemon, openFakeDaemon } from "../testing/fake-daemon.ts";
import { addImage } from "../testing/fake-images.ts";
import type { Container } from "../container/container.ts";
import { RecordType } from "../network/dns-message.ts";
import { connectNetwork, disconnectNetwork } from "./connect-network.ts";
import { createNetwork } from "./create-network.ts";
import { renameContainer } from "./rename-container.ts";
import { startContainer } from "./start-container.ts";

const HTTP = { PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "8080" }] } };

let fake: FakeDaemon;

beforeEach(async () => {
  fake = await openFakeDaemon();
  await addImage(fake.daemon);
  await createNetwork(fake.daemon, { Name: "net", IPAM: { Config: [{ Subnet: "10.9.0.0/16" }] } });
});

/** The default routes of a container. */
function gateways({ networking }: Container): unknown[] {
  const inside = fake.sys.networks.namespaces.get(networking.sandboxKey);
  return inside?.routes().map(({ gateway }) => gateway) ?? [];
}

function fileOf({ id }: Container, file: string): string {
  return fake.sys.files.readText(`${DATA_ROOT}/containers/${id}/${file}`);
}

describe("connecting a container that runs", () => {
  it("gives it another interface, and leaves its way out", async () => {
    const { container } = await run(fake, "web", HTTP);
    await connectNetwork(fake.daemon, "net", "web", { Aliases: ["www"] });
    const inside = fake.sys.networks.namespaces.get(container.networking.sandboxKey);
    expect(inside?.links().map(({ name }) => name)).toEqual(["lo", "eth0", "eth1"]);
    expect(gateways(container)).toEqual(["172.17.0.1"]);
    expect(fake.proxies.served).toEqual(["tcp 127.0.0.1:8080 -> 172.17.0.2:80"]);
    expect(reload(fake, container).networking.networks["net"]).toMatchObject({ IPAddress: "10.9.0.2" });
    expect(actions(fake, "network").at(-1)).toBe("connect");
  });

  it("makes the new network the way out where it has the higher priority", async () => {
    const { container } = await run(fake, "web", HTTP);
    await connectNetwork(fake.daemon, "net", "web", { GwPriority: 1 });
    expect(gateways(container)).toEqual(["10.9.0.1"]);
    expect(fake.proxies.served).toEqual(["tcp 127.0.0.1:8080 -> 10.9.0.2:80"]);
  });

  it("tells it of its address and of the name server", async () => {
    const { container } = await run(fake, "web", {}, { Hostname: "box" });
    await connectNetwork(fake.daemon, "net", "web", {});
    expect(fileOf(container, "hosts")).toMatch(/172\.17\.0\.2\tbox\n10\.9\.0\.2\tbox\n$/);
    expect(fileOf(container, "resolv.conf")).toContain("nameserver 127.0.0.11");
  });

  it("leaves a resolv.conf alone that somebody has changed", async () => {
    const { container } = await run(fake, "web");
    fake.sys.files.write(`${DATA_ROOT}/containers/${container.id}/resolv.conf`, "nameserver 10.1.1.1\n");
    await connectNetwork(fake.daemon, "net", "web", {});
    expect(fileOf(container, "resolv.conf")).toBe("nameserver 10.1.1.1\n");
  });

  it("leaves nothing where its address is taken", async () => {
    await run(fake, "first", { NetworkMode: "net" });
    const { container } = await run(fake, "web");
    const before = held(fake);
    const asked = { IPAMConfig: { IPv4Address: "10.9.0.2" } };
    await expect(connectNetwork(fake.daemon, "net", "web", asked)).rejects.toThrow("Address already in use");
    expect(held(fake)).toEqual(before);
    expect(Object.keys(container.networking.networks)).toEqual(["bridge"]);
  });
});

describe("connecting", () => {
  it("a container that does not run waits for its start", async () => {
    const container = await create(fake, "web");
    await connectNetwork(fake.daemon, "net", "web", {});
    expect(held(fake)).toEqual(NOTHING_HELD);
    await startContainer(fake.daemon, "web");
    expect(container.networking.networks).toMatchObject({
      bridge: { IPAddress: "172.17.0.2" },
      net: { IPAddress: "10.9.0.2" },
    });
  });

  it.each([
    ["nonsense", {}, "network nonsense not found"],
    ["bridge", {}, "endpoint with name web already exists in network bridge"],
    ["host", {}, "cannot connect container to host network"],
    ["none", {}, "container cannot be connected to multiple networks with one of the networks in private"],
    ["net", { IPAMConfig: { IPv4Address: "10.8.0.1" } }, "no configured subnet or ip-range contain"],
    ["net", { IPAMConfig: { IPv4Address: "::1" } }, "invalid IPv4 address: ::1"],
    ["net", { MacAddress: "nonsense" }, "invalid MAC address nonsense"],
    ["bridge", { Aliases: ["x"] }, "network-scoped alias is supported only for containers in user defined"],
    ["bridge", { IPAMConfig: { IPv4Address: "172.17.0.9" } }, "supported on user defined networks only"],
  ])("to %s with %j is refused", async (network, asked, message) => {
    await run(fake, "web");
    await expect(connectNetwork(fake.daemon, network, "web", asked)).rejects.toThrow(message);
    expect(held(fake).interfaces).toBe(1);
  });

  it("tells of all that is wrong at once", async () => {
    await create(fake, "web");
    const asked = { IPAMConfig: { IPv4Address: "0.0.0.0", IPv6Address: "1.2.3.4" } };
    await expect(connectNetwork(fake.daemon, "net", "web", asked)).rejects.toThrow(
      "invalid endpoint settings:\n* invalid IPv4 address: 0.0.0.0\n* invalid IPv6 address: 1.2.3.4\n* no ",
    );
  });
});

describe("disconnecting", () => {
  it("takes interface, address and ports, and finds another way out", async () => {
    const { container } = await run(fake, "web", HTTP);
    await connectNetwork(fake.daemon, "net", "web", {});
    await disconnectNetwork(fake.daemon, "bridge", "web", false);
    expect(gateways(container)).toEqual(["10.9.0.1"]);
    expect(fake.proxies.served).toEqual(["tcp 127.0.0.1:8080 -> 10.9.0.2:80"]);
    expect(fileOf(container, "hosts")).not.toContain("172.17.0.2");
    expect(Object.keys(reload(fake, container).networking.networks)).toEqual(["net"]);
    await disconnectNetwork(fake.daemon, "net", "web", false);
    expect(gateways(container)).toEqual([]);
    expect(fake.proxies.served).toEqual([]);
    expect(container.networking.ports).toEqual({});
  });

  it("from a network that it is not in is refused", async () => {
    const { container } = await run(fake, "web");
    const what = `container ${container.id} is not connected to network net`;
    await expect(disconnectNetwork(fake.daemon, "net", "web", false)).rejects.toThrow(what);
  });

  it("works before the start", async () => {
    const container = await create(fake, "web");
    await disconnectNetwork(fake.daemon, "bridge", "web", false);
    expect(container.networking.networks).toEqual({});
    await startContainer(fake.daemon, "web");
    expect(held(fake)).toMatchObject({ networks: 1, interfaces: 0 });
  });

  it("by force forgets a network that is gone", async () => {
    const container = await create(fake, "web");
    await connectNetwork(fake.daemon, "net", "web", {});
    await disconnectNetwork(fake.daemon, "net", "web", true);
    await expect(disconnectNetwork(fake.daemon, "net", "web", true)).rejects.toThrow(
      `container ${container.id} is not connected to the network net`,
    );
  });
});

/** What the embedded name server tells a container: the addresses of a name; "nobody" where there is no such server. */
async function ask(container: Container, name: string, type: number = RecordType.A): Promise<string[]> {
  const query = dnsQuery(name, type);
  const answer = await fake.sys.sockets.ask(container.networking.sandboxKey, "127.0.0.11", 53, query);
  return answer ? dnsAddresses(answer, query) : ["nobody"];
}

describe("the embedded name server", () => {
  it("knows the containers of the network by name, alias, id and host name", async () => {
    const { container } = await run(fake, "client", { NetworkMode: "net" });
    const { container: db } = await run(
      fake,
      "db",
      { NetworkMode: "net" },
      { Hostname: "box" },
      { net: { Aliases: ["sql"] } },
    );
    for (const name of ["db", "DB", "sql", "box", db.id.slice(0, 12), "db.net"])
      expect(await ask(container, name)).toEqual(["10.9.0.3"]);
    expect(await ask(container, "db", RecordType.AAAA)).toEqual([]);
  });

  it("gives all that share an alias, each first in its turn", async () => {
    const { container } = await run(fake, "client", { NetworkMode: "net" });
    for (const name of ["a1", "a2"])
      await run(fake, name, { NetworkMode: "net" }, {}, { net: { Aliases: ["all"] } });
    expect(await ask(container, "all")).toEqual(["10.9.0.3", "10.9.0.4"]);
    expect(await ask(container, "all")).toEqual(["10.9.0.4", "10.9.0.3"]);
  });

  it("learns new names, and forgets those who end", async () => {
    const { container } = await run(fake, "client", { NetworkMode: "net" });
    const db = await run(fake, "db", { NetworkMode: "net" });
    renameContainer(fake.daemon, "db", "sql");
    expect(await ask(container, "sql")).toEqual(["10.9.0.3"]);
    await exit(fake, db, 0);
    fake.sys.sockets.onQuery = () => null;
    expect(await ask(container, "sql")).toEqual([]);
  });

  it("asks the host's servers for the rest", async () => {
    const { container } = await run(fake, "client", { NetworkMode: "net" });
    const asked: string[] = [];
    fake.sys.sockets.onQuery = (address, port, query) => {
      asked.push(`${address}:${port}`);
      return query;
    };
    await ask(container, "example.org");
    expect(asked).toEqual(["10.0.2.3:53"]);
  });

  it("is not there in the default network, nor after the end", async () => {
    const web = await run(fake, "web");
    expect(await ask(web.container, "web")).toEqual(["nobody"]);
    const client = await run(fake, "client", { NetworkMode: "net" });
    const { sandboxKey } = client.container.networking;
    await exit(fake, client, 0);
    expect(await fake.sys.sockets.ask(sandboxKey, "127.0.0.11", 53, dnsQuery("web", 1))).toBeNull();
  });
});
