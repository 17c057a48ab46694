import { beforeEach, describe, expect, it } from "vitest";
import { failAtEach } from "../testing/at-each-operation.ts";
import { actions, create, exit, held, NOTHING_HELD, reload, run } from "../testing/fake-containers.ts";
import { DATA_ROOT, type FakeDaemon, openFakeDaemon } from "../testing/fake-daemon.ts";
import { addImage } from "../testing/fake-images.ts";
import { createNetwork } from "./create-network.ts";
import { inspectContainer } from "./inspect-container.ts";
import { listContainers } from "./list-containers.ts";
import { parseFilters } from "../base/filters.ts";
import { startContainer } from "./start-container.ts";

async function prepare(): Promise<FakeDaemon> {
  const fresh = await openFakeDaemon();
  await addImage(fresh.daemon);
  return fresh;
}

let fake: FakeDaemon;

beforeEach(async () => {
  fake = await prepare();
});

function fileOf(name: string, file: string): string {
  const { id } = fake.daemon.containers.find(name);
  return fake.sys.files.readText(`${DATA_ROOT}/containers/${id}/${file}`);
}

describe("a container in the default network", () => {
  it("has an interface on docker0, with the lowest address and a way out", async () => {
    const { container } = await run(fake, "web");
    const { host, namespaces } = fake.sys.networks;
    const inside = namespaces.get(container.networking.sandboxKey);
    const eth0 = inside?.link("eth0");
    expect(eth0).toMatchObject({ up: true, mac: container.networking.networks["bridge"]?.MacAddress });
    expect(inside?.addresses()).toEqual([{ index: eth0?.index, address: "172.17.0.2", prefix: 16 }]);
    expect(inside?.routes()).toEqual([{ gateway: "172.17.0.1" }]);
    const veth = host.links().find(({ name }) => name.startsWith("veth"));
    expect(veth).toMatchObject({ up: true, master: host.link("docker0")?.index });
    expect(host.addresses()).toContainEqual({
      index: host.link("docker0")?.index,
      address: "172.17.0.1",
      prefix: 16,
    });
  });

  it("announces its hardware address, since another one may have had its address before", async () => {
    const { container } = await run(fake, "web");
    const inside = fake.sys.networks.namespaces.get(container.networking.sandboxKey);
    expect(inside?.settings.get("ipv4/conf/eth0/arp_notify")).toBe("1");
  });

  it("is shown with what came of it, until it ends", async () => {
    const running = await run(fake, "web");
    const shown = { IPAddress: "172.17.0.2", IPPrefixLen: 16, Gateway: "172.17.0.1" };
    const inspected = inspectContainer(fake.daemon, "web", false).NetworkSettings;
    expect(inspected).toMatchObject({ ...shown, Networks: { bridge: { ...shown, DNSNames: null } } });
    expect(reload(fake, running.container).networking).toEqual(running.container.networking);
    await exit(fake, running, 0);
    expect(inspectContainer(fake.daemon, "web", false).NetworkSettings).toMatchObject({
      IPAddress: "",
      SandboxID: "",
      Networks: { bridge: { IPAddress: "", EndpointID: "" } },
    });
    expect(actions(fake, "network")).toEqual(
      ["create", "create", "create", "connect", "disconnect"].slice(3),
    );
  });

  it("knows its own name, and the host's name servers", async () => {
    await run(fake, "web", { ExtraHosts: ["db:10.0.0.1", "gw:host-gateway"] }, { Hostname: "box" });
    const lines = fileOf("web", "hosts").split("\n").slice(-4);
    expect(lines).toEqual(["10.0.0.1\tdb", "172.17.0.1\tgw", "172.17.0.2\tbox", ""]);
    expect(fileOf("web", "resolv.conf")).toContain("nameserver 10.0.2.3\n");
  });

  it("gives its address to the next one", async () => {
    const first = await run(fake, "a1");
    const second = await run(fake, "a2");
    expect(second.container.networking.networks["bridge"]?.IPAddress).toBe("172.17.0.3");
    await exit(fake, first, 0);
    const third = await run(fake, "a3");
    expect(third.container.networking.networks["bridge"]?.IPAddress).toBe("172.17.0.2");
  });
});

describe("published ports", () => {
  const http = { PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "8080" }] } };

  it("have rules, and a proxy for each family", async () => {
    const { container } = await run(fake, "web", http);
    expect(fake.iptables.rules("nat", "DOCKER")).toContain(
      "! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80",
    );
    expect(fake.proxies.served).toEqual([
      "tcp 0.0.0.0:8080 -> 172.17.0.2:80",
      "tcp :::8080 -> 172.17.0.2:80",
    ]);
    expect(container.networking.ports).toEqual({
      "80/tcp": [
        { HostIp: "0.0.0.0", HostPort: "8080" },
        { HostIp: "::", HostPort: "8080" },
      ],
    });
  });

  it("are listed, and go with the process", async () => {
    const running = await run(fake, "web", http);
    const list = (): unknown =>
      listContainers(fake.daemon, { all: true, limit: 0, size: false, filters: parseFilters("") })[0]?.Ports;
    expect(list()).toEqual([
      { IP: "0.0.0.0", PrivatePort: 80, PublicPort: 8080, Type: "tcp" },
      { IP: "::", PrivatePort: 80, PublicPort: 8080, Type: "tcp" },
    ]);
    await exit(fake, running, 0);
    expect(list()).toEqual([]);
    expect(fake.proxies.served).toEqual([]);
    expect(fake.iptables.rules("nat", "DOCKER")).toEqual(["-i docker0 -j RETURN"]);
    expect(held(fake)).toEqual(NOTHING_HELD);
  });

  it("are chosen for all that are exposed where that is asked for", async () => {
    const { container } = await run(
      fake,
      "web",
      { PublishAllPorts: true },
      { ExposedPorts: { "53/udp": {} } },
    );
    expect(container.networking.ports["53/udp"]).toHaveLength(2);
    expect(fake.proxies.served[0]).toMatch(/^udp 0\.0\.0\.0:\d+ -> 172\.17\.0\.2:53$/);
  });

  it("take another of a range where one is some program's", async () => {
    fake.sys.sockets.ports.add("tcp 0.0.0.0:8000");
    const range = { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "8000-8001" }] };
    fake.sys.sockets.ports.add("tcp 127.0.0.1:8000");
    const { container } = await run(fake, "web", { PortBindings: range });
    expect(container.networking.ports["80/tcp"]).toEqual([{ HostIp: "127.0.0.1", HostPort: "8001" }]);
  });

  it.each([
    ["another container's", "Bind for 0.0.0.0:8080 failed: port is already allocated"],
    ["some program's", "failed to bind host port for 0.0.0.0:8080:172.17.0.3:80/tcp: address already in use"],
  ])("are refused where they are %s", async (whose, message) => {
    const other = await run(fake, "other", whose.startsWith("another") ? http : {});
    if (whose.startsWith("some")) fake.sys.sockets.ports.add("tcp 0.0.0.0:8080");
    const before = held(fake);
    const container = await create(fake, "web", http);
    await expect(startContainer(fake.daemon, "web")).rejects.toThrow(
      new RegExp(
        "^failed to set up container networking: driver failed programming external connectivity on " +
          `endpoint web \\([0-9a-f]{64}\\): ${message.replace(/[.()]/g, "\\$&")}$`,
      ),
    );
    expect(container.state).toMatchObject({ status: "created", exitCode: 128 });
    expect(held(fake)).toEqual(before);
    await exit(fake, other, 0);
  });

  it("are given back where a proxy does not come up", async () => {
    fake.proxies.greeting = "1\nno memory";
    await create(fake, "web", http);
    await expect(startContainer(fake.daemon, "web")).rejects.toThrow(
      "error starting userland proxy: no memory",
    );
    expect(held(fake)).toEqual(NOTHING_HELD);
    fake.proxies.greeting = "0\n";
    await startContainer(fake.daemon, "web");
    expect(fake.proxies.served).toHaveLength(2);
  });
});

describe("where the packet filter refuses", () => {
  it("a container does not start, and nothing of it is left", async () => {
    fake.iptables.refuse();
    await create(fake, "web", { PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "8080" }] } });
    await expect(startContainer(fake.daemon, "web")).rejects.toThrow(
      "failed to set up container networking: iptables failed: iptables-restore: it is not allowed",
    );
    expect(held(fake)).toEqual(NOTHING_HELD);
    expect(fake.daemon.networking.endpoints.all()).toEqual([]);
  });
});

describe("other networks", () => {
  it("give the address and the names that are asked for", async () => {
    const subnet = { Subnet: "10.9.0.0/16" };
    await createNetwork(fake.daemon, { Name: "net", IPAM: { Config: [subnet] } });
    const { container } = await run(
      fake,
      "web",
      { NetworkMode: "net" },
      {},
      { net: { IPAMConfig: { IPv4Address: "10.9.7.7" }, Aliases: ["www"], MacAddress: "02:00:00:00:00:07" } },
    );
    expect(container.networking.networks["net"]).toMatchObject({
      IPAddress: "10.9.7.7",
      Gateway: "10.9.0.1",
      MacAddress: "02:00:00:00:00:07",
      DNSNames: ["web", "www", container.id.slice(0, 12)],
    });
    expect(fileOf("web", "resolv.conf")).toContain("nameserver 127.0.0.11\noptions ndots:0\n");
  });

  it("need to be there when the container starts, not before", async () => {
    await create(fake, "web", { NetworkMode: "later" });
    await expect(startContainer(fake.daemon, "web")).rejects.toMatchObject({
      kind: "not-found",
      message: "failed to set up container networking: network later not found",
    });
    await createNetwork(fake.daemon, { Name: "later" });
    await startContainer(fake.daemon, "web");
    expect(fake.daemon.containers.find("web").networking.networks["later"]?.IPAddress).toBe("172.18.0.2");
  });

  it("may be none: then there is loopback, and nothing else", async () => {
    const { container } = await run(fake, "web", { NetworkMode: "none" });
    const inside = fake.sys.networks.namespaces.get(container.networking.sandboxKey);
    expect(inside?.links().map(({ name }) => name)).toEqual(["lo"]);
    expect(Object.keys(container.networking.networks)).toEqual(["none"]);
  });

  it("may be the host's own", async () => {
    const { container, shim } = await run(fake, "web", { NetworkMode: "host" });
    expect(shim.steps.filter(([name]) => name === "setns")).toEqual([]);
    expect(container.config.Hostname).toBe("node1");
    expect(fileOf("web", "hosts")).toBe("127.0.0.1 localhost\n10.0.0.9 hub\n");
    expect(held(fake).interfaces).toBe(0);
  });

  it("may be another container's, with its files and its name", async () => {
    const { container: other } = await run(fake, "other", {}, { Hostname: "box" });
    const { container, shim } = await run(fake, "web", { NetworkMode: "container:other" });
    expect(container.hostConfig.NetworkMode).toBe(`container:${other.id}`);
    expect(container.config.Hostname).toBe("box");
    expect(shim.steps).toContainEqual(["setns", `/proc/${other.state.pid}/ns/net`, expect.anything()]);
    const sources = shim.steps.filter(([name]) => name === "bind").map(([, , , source]) => source);
    expect(sources).toContain(`${DATA_ROOT}/containers/${other.id}/hosts`);
    expect(container.networking.networks).toEqual({});
  });

  it.each([
    ["other", "cannot join network namespace of a non running container: container other is created"],
    ["web", "cannot join own network namespace"],
    ["nobody", "joining network namespace of container: No such container: nobody"],
  ])("cannot be those of %s", async (wanted, message) => {
    await create(fake, "other");
    const container = await create(fake, "web");
    container.hostConfig.NetworkMode = `container:${wanted}`;
    await expect(startContainer(fake.daemon, "web")).rejects.toThrow(message);
  });
});

it("a start that fails leaves nothing of its network, at whatever operation the disk is full", async () => {
  const PORTS = { PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "8080" }] } };
  await failAtEach("ENOSPC", {
    prepare: async () => {
      const fixture = await prepare();
      await create(fixture, "web", PORTS);
      return fixture;
    },
    work: fixture => startContainer(fixture.daemon, "web"),
    check: (fixture, done) => {
      if (done) return;
      expect(held(fixture)).toEqual(NOTHING_HELD);
      expect(fixture.daemon.networking.endpoints.all()).toEqual([]);
      expect(fixture.iptables.rules("raw", "PREROUTING")).toEqual([]);
    },
  });
});
