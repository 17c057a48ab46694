import { beforeEach, describe, expect, it } from "vitest";
import { fakeSys } from "../sys/fake/sys.ts";
import { FakeIptables } from "../testing/fake-iptables.ts";
import { parseBridgeOptions } from "./bridge-options.ts";
import type { Network } from "./network.ts";
import { changeLines, reconcileLines } from "./rule-lines.ts";
import { endpointRules, networkRules, type PortMapping, portRules, type Rule } from "./rules.ts";

const MODE = { hairpin: false };

function network(changes: Partial<Network> = {}, options: Record<string, string> = {}): Network {
  const named = { "com.docker.network.bridge.name": "docker0", ...options };
  return {
    id: "1".repeat(64),
    name: "bridge",
    created: "2026-01-01T00:00:00Z",
    stage: "ready",
    driver: "bridge",
    enableIPv4: true,
    enableIPv6: false,
    internal: false,
    attachable: false,
    ipam: { driver: "default", options: null, config: [] },
    ipv4: { subnet: "172.17.0.0/16", range: null, gateway: "172.17.0.1", auxiliary: {} },
    ipv6: null,
    options: named,
    labels: {},
    bridge: parseBridgeOptions("1".repeat(64), named, changes.internal ?? false),
    ...changes,
  };
}

function mapping(changes: Partial<PortMapping> = {}): PortMapping {
  return {
    protocol: "tcp",
    hostAddress: "0.0.0.0",
    hostPort: 8080,
    containerAddress: "172.17.0.2",
    containerPort: 80,
    ...changes,
  };
}

function wanted(rules: readonly Rule[], bridges: readonly string[] = ["docker0"]) {
  return { family: 4, rules, hairpin: false, bridges: new Set(bridges), dropForward: false } as const;
}

/** The rules of a network and of a port that is published in it. */
function publishedRules(hairpin: boolean): Rule[] {
  return [...networkRules(network(), { hairpin }), ...portRules(network(), mapping(), { hairpin })];
}

describe("the kernel's tables", () => {
  let tables: FakeIptables;

  /** Brings the tables in line, twice: the second time nothing may change. */
  const reconcile = (rules: readonly Rule[], bridges?: readonly string[]): void => {
    tables.restore(reconcileLines(tables.save(), wanted(rules, bridges)));
    const settled = tables.save();
    tables.restore(reconcileLines(settled, wanted(rules, bridges)));
    expect(tables.save()).toBe(settled);
  };

  beforeEach(() => {
    tables = new FakeIptables(fakeSys());
  });

  it("hold for a published port what Docker's do", () => {
    const bridge = network();
    reconcile([
      ...networkRules(bridge, MODE),
      ...endpointRules(bridge, ["172.17.0.2"]),
      ...portRules(bridge, mapping(), MODE),
    ]);
    expect(tables.rules("nat", "PREROUTING")).toEqual(["-m addrtype --dst-type LOCAL -j DOCKER"]);
    expect(tables.rules("nat", "OUTPUT")).toEqual([
      "! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER",
    ]);
    expect(tables.rules("nat", "POSTROUTING")).toEqual(["-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE"]);
    expect(tables.rules("nat", "DOCKER")).toEqual([
      "-i docker0 -j RETURN",
      "! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80",
    ]);
    expect(tables.rules("raw", "PREROUTING")).toEqual(["-d 172.17.0.2/32 ! -i docker0 -j DROP"]);
    expect(tables.rules("filter", "FORWARD")).toEqual(["-j DOCKER-USER", "-j DOCKER-FORWARD"]);
    expect(tables.rules("filter", "DOCKER")).toEqual([
      "-d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT",
      "! -i docker0 -o docker0 -j DROP",
    ]);
    expect(tables.rules("filter", "DOCKER-FORWARD")).toEqual([
      "-j DOCKER-CT",
      "-j DOCKER-ISOLATION-STAGE-1",
      "-j DOCKER-BRIDGE",
      "-i docker0 -j ACCEPT",
    ]);
  });

  it("lose what belongs to nothing any more, and keep what is others'", () => {
    reconcile([...networkRules(network(), MODE), ...endpointRules(network(), ["172.17.0.2"])]);
    tables.restore(
      "*nat\n-A POSTROUTING -s 10.0.0.0/8 -j MASQUERADE\nCOMMIT\n" +
        "*filter\n-I FORWARD 1 -s 10.0.0.0/8 -j ACCEPT\n-A DOCKER-USER -s 10.0.0.1/32 -j DROP\nCOMMIT\n",
    );
    reconcile([]);
    expect(tables.rules("raw", "PREROUTING")).toEqual([]);
    expect(tables.rules("nat", "POSTROUTING")).toEqual(["-s 10.0.0.0/8 -j MASQUERADE"]);
    expect(tables.rules("nat", "DOCKER")).toEqual([]);
    expect(tables.rules("filter", "DOCKER-USER")).toEqual(["-s 10.0.0.1/32 -j DROP"]);
    expect(tables.rules("filter", "FORWARD")).toEqual([
      "-j DOCKER-USER",
      "-j DOCKER-FORWARD",
      "-s 10.0.0.0/8 -j ACCEPT",
    ]);
  });

  it("leave the rules of bridges alone that are not ours", () => {
    const foreign = "-s 192.168.122.0/24 ! -o virbr0 -j MASQUERADE";
    tables.restore(`*nat\n-A POSTROUTING ${foreign}\nCOMMIT\n`);
    reconcile(networkRules(network(), MODE));
    expect(tables.rules("nat", "POSTROUTING")).toContain(foreign);
  });

  it("change where the proxy is done without", () => {
    reconcile(publishedRules(false));
    const before = tables.save();
    tables.restore(reconcileLines(before, { ...wanted(publishedRules(true)), hairpin: true }));
    expect(tables.rules("nat", "OUTPUT")).toEqual(["-m addrtype --dst-type LOCAL -j DOCKER"]);
    expect(tables.rules("nat", "DOCKER")).toEqual([
      "-p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80",
    ]);
    expect(tables.rules("nat", "POSTROUTING")).toContain(
      "-s 172.17.0.2/32 -d 172.17.0.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE",
    );
    reconcile(publishedRules(false));
    expect(tables.save()).toBe(before);
  });

  it("go back to what they were when a change is undone", () => {
    const bridge = network();
    reconcile(networkRules(bridge, MODE));
    const before = tables.save();
    const rules = [...endpointRules(bridge, ["172.17.0.2"]), ...portRules(bridge, mapping(), MODE)];
    tables.restore(changeLines([], rules));
    expect(tables.save()).not.toBe(before);
    tables.restore(changeLines(rules, []));
    expect(tables.save()).toBe(before);
  });

  it("let nothing into an internal network or out of it", () => {
    const closed = network({ internal: true });
    reconcile([...networkRules(closed, MODE), ...endpointRules(closed, ["172.17.0.2"])]);
    expect(tables.rules("nat", "POSTROUTING")).toEqual([]);
    expect(tables.rules("filter", "DOCKER-ISOLATION-STAGE-1")).toEqual([
      "! -s 172.17.0.0/16 -o docker0 -j DROP",
      "! -d 172.17.0.0/16 -i docker0 -j DROP",
    ]);
  });

  it("keep the host's loopback to the host", () => {
    reconcile(portRules(network(), mapping({ hostAddress: "127.0.0.1" }), MODE));
    expect(tables.rules("raw", "PREROUTING")).toEqual([
      "-d 127.0.0.1/32 ! -i lo -p tcp -m tcp --dport 8080 -j DROP",
    ]);
    expect(tables.rules("nat", "DOCKER")[0]).toContain("-d 127.0.0.1/32 ! -i docker0 -p tcp");
  });

  it("have nothing for IPv6 in front of a container of IPv4: that is the proxy's", () => {
    expect(portRules(network(), mapping({ hostAddress: "::" }), MODE)).toEqual([]);
  });

  it("separate containers that may not talk to each other", () => {
    const quiet = network({}, { "com.docker.network.bridge.enable_icc": "false" });
    reconcile(networkRules(quiet, MODE));
    expect(tables.rules("filter", "DOCKER-FORWARD")).toEqual([
      "-j DOCKER-CT",
      "-j DOCKER-ISOLATION-STAGE-1",
      "-j DOCKER-BRIDGE",
      "-i docker0 -o docker0 -j DROP",
      "-i docker0 ! -o docker0 -j ACCEPT",
    ]);
  });
});
