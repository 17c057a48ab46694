import { beforeEach, describe, expect, it } from "vitest";
import { parseFilters } from "../base/filters.ts";
import { crashAtEach } from "../testing/at-each-operation.ts";
import { exit, held, NOTHING_HELD, run } from "../testing/fake-containers.ts";
import { EXEC_ROOT, type FakeDaemon, openFakeDaemon, reopenFakeDaemon } from "../testing/fake-daemon.ts";
import { addImage } from "../testing/fake-images.ts";
import { settle } from "../testing/turns.ts";
import { connectNetwork } from "./connect-network.ts";
import { createNetwork } from "./create-network.ts";
import { listNetworks } from "./list-networks.ts";
import { removeNetwork } from "./remove-network.ts";

async function prepare(): Promise<FakeDaemon> {
  const fresh = await openFakeDaemon();
  await addImage(fresh.daemon);
  return fresh;
}

let fake: FakeDaemon;

beforeEach(async () => {
  fake = await prepare();
});

const HTTP = { PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "8080" }] } };

function names({ daemon }: FakeDaemon): string[] {
  return listNetworks(daemon, parseFilters("")).map(({ Name }) => Name);
}

describe("the first start", () => {
  it("makes the networks that every daemon has", () => {
    expect(names(fake)).toEqual(["none", "host", "bridge"]);
    expect(fake.sys.networks.host.link("docker0")).toMatchObject({ up: true, mtu: 1500 });
    expect(fake.iptables.rules("nat", "POSTROUTING")).toEqual([
      "-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
    ]);
  });

  it("turns forwarding on, and then forwards only what a rule accepts", async () => {
    const { sys } = fake;
    sys.files.seed({ "/proc/sys/net/ipv4/ip_forward": "0\n" });
    const later = await reopenFakeDaemon(fake);
    expect(later.sys.files.readText("/proc/sys/net/ipv4/ip_forward")).toBe("1\n");
    expect(later.iptables.policy("filter", "FORWARD")).toBe("DROP");
  });

  it("gives the default bridge the address that is asked for", async () => {
    const { network } = fake.daemon.settings;
    const other = await openFakeDaemon({ settings: { network: { ...network, bip: "10.5.0.1/24" } } });
    expect(other.sys.networks.host.addresses()).toMatchObject([{ address: "10.5.0.1", prefix: 24 }]);
  });

  it("leaves the default bridge out where that is asked for", async () => {
    const { network } = fake.daemon.settings;
    const other = await openFakeDaemon({ settings: { network: { ...network, bridge: "none" } } });
    expect(names(other)).toEqual(["none", "host"]);
  });
});

describe("another start", () => {
  it("finds addresses, rules and ports of what runs as they were", async () => {
    await createNetwork(fake.daemon, { Name: "net" });
    const web = await run(fake, "web", HTTP);
    await connectNetwork(fake.daemon, "net", "web", {});
    const rules = fake.iptables.save().split("\n").toSorted();
    const later = await reopenFakeDaemon(fake);
    expect(later.iptables.save().split("\n").toSorted()).toEqual(rules);
    expect(later.proxies.served).toEqual([
      "tcp 0.0.0.0:8080 -> 172.17.0.2:80",
      "tcp :::8080 -> 172.17.0.2:80",
    ]);
    const next = await run(later, "next");
    expect(next.container.networking.networks["bridge"]?.IPAddress).toBe("172.17.0.3");
    await expect(run(later, "third", HTTP)).rejects.toThrow("port is already allocated");
    const container = later.daemon.containers.find("web");
    await exit(later, { container, shim: web.shim }, 0);
    await exit(later, next, 0);
    expect(held(later)).toMatchObject({ ...NOTHING_HELD, descriptors: expect.any(Number) });
    await expect(removeNetwork(later.daemon, "net")).resolves.toBeUndefined();
  });

  it("answers the queries of what runs", async () => {
    await createNetwork(fake.daemon, { Name: "net" });
    const { container } = await run(fake, "web", { NetworkMode: "net" });
    const later = await reopenFakeDaemon(fake);
    const place = [container.networking.sandboxKey, "127.0.0.11", 53] as const;
    const query = Uint8Array.from([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, 119, 101, 98, 0, 0, 1, 0, 1]);
    expect([...((await later.sys.sockets.ask(...place, query)) ?? [])].slice(-4)).toEqual([172, 18, 0, 2]);
  });

  it("removes interfaces, rules and namespaces that belong to nothing", async () => {
    const web = await run(fake, "web", HTTP);
    fake.sys.files.faults.crash();
    web.shim.exit(0);
    fake.sys.networks.host.addLink({
      name: "veth0123456",
      kind: "veth",
      master: fake.sys.networks.host.link("docker0")?.index ?? 0,
    });
    const later = await reopenFakeDaemon(fake);
    expect(held(later)).toMatchObject({ networks: 0, interfaces: 0, ports: 0 });
    expect(later.iptables.rules("raw", "PREROUTING")).toEqual([]);
    expect(later.iptables.rules("nat", "DOCKER")).toEqual(["-i docker0 -j RETURN"]);
    expect(later.daemon.containers.find("web").networking.networks["bridge"]?.IPAddress).toBe("");
  });

  it("makes the bridges anew that a boot has taken away", async () => {
    await createNetwork(fake.daemon, { Name: "net" });
    const { host } = fake.sys.networks;
    for (const { name, index } of host.links()) if (name !== "lo") host.deleteLink(index);
    const later = await reopenFakeDaemon(fake);
    const { id } = later.daemon.networking.manager.index.find("net");
    const bridges = later.sys.networks.host.links().map(({ name }) => name);
    expect(bridges.toSorted()).toEqual([`br-${id.slice(0, 12)}`, "docker0", "lo"]);
  });

  it("tells of a port that some program has taken meanwhile", async () => {
    const { container } = await run(fake, "web", HTTP);
    fake.proxies.endAll();
    await settle();
    fake.sys.sockets.ports.add("tcp 0.0.0.0:8080");
    const later = await reopenFakeDaemon(fake);
    expect(later.log).toContainEqual(
      expect.stringContaining("failed to serve 0.0.0.0:8080/tcp again: bind 0.0.0.0:8080: address already"),
    );
    expect(later.daemon.containers.find(container.id).state.status).toBe("running");
  });
});

it("a crash while a network is made or removed leaves all of it or nothing", async () => {
  await crashAtEach({
    prepare,
    work: async fixture => {
      await createNetwork(fixture.daemon, { Name: "net" });
      await removeNetwork(fixture.daemon, "net");
    },
    check: async fixture => {
      const later = await reopenFakeDaemon(fixture);
      const networks = later.daemon.networking.manager.index.all().map(({ bridge }) => bridge?.name);
      const bridges = later.sys.networks.host.links().map(({ name }) => name);
      expect(new Set(networks.filter(Boolean))).toEqual(new Set(bridges.filter(name => name !== "lo")));
      expect(later.iptables.rules("nat", "POSTROUTING")).toHaveLength(bridges.length - 1);
      expect(later.log).toEqual([]);
    },
  });
});

it("a crash while a container starts leaves nothing of its network", async () => {
  await crashAtEach({
    prepare,
    work: fixture => run(fixture, "web", HTTP),
    check: async fixture => {
      for (const shim of fixture.shims.all) if (shim.pid > 0) shim.exit(0);
      const later = await reopenFakeDaemon(fixture);
      expect(later.sys.files.list(`${EXEC_ROOT}/netns`)).toEqual([]);
      expect(held(later)).toMatchObject({ interfaces: 0, ports: 0 });
      expect(later.iptables.rules("raw", "PREROUTING")).toEqual([]);
    },
  });
});
