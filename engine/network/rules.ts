import type { BridgeOptions, GatewayMode } from "./bridge-options.ts";
import { type BridgeNetwork, isBridgeNetwork, type Network } from "./network.ts";

export type RuleTable = "raw" | "nat" | "filter";

/** A packet filter rule, written as iptables-save prints it. */
export interface Rule {
  readonly family: 4 | 6;
  readonly table: RuleTable;
  readonly chain: string;
  /** Matches and target, without "-A CHAIN". */
  readonly spec: string;
  /** Whether it goes before the rules that are there, or behind them. */
  readonly at: "top" | "end";
}

/** A published port, as the rules see it. Addresses of the host may be 0.0.0.0 or ::. */
export interface PortMapping {
  readonly protocol: string;
  readonly hostAddress: string;
  readonly hostPort: number;
  readonly containerAddress: string;
  readonly containerPort: number;
}

/**
 * With the userland proxy, connections from the host's loopback and from containers to published ports go through
 * it; without, in hairpin mode, the rules must send them back out of the bridge that they came from.
 */
export interface RuleMode {
  readonly hairpin: boolean;
}

const FORWARD = "DOCKER-FORWARD";
const STAGE_1 = "DOCKER-ISOLATION-STAGE-1";
const STAGE_2 = "DOCKER-ISOLATION-STAGE-2";
const ESTABLISHED = "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT";

/** The chain that belongs to users: it is made where it is missing, and never touched again. */
export const USER_CHAIN = "DOCKER-USER";

/** The chains whose rules are all ours. */
export const ownChains: Readonly<Record<RuleTable, readonly string[]>> = {
  raw: [],
  nat: ["DOCKER"],
  filter: ["DOCKER", FORWARD, "DOCKER-BRIDGE", "DOCKER-CT", STAGE_1, STAGE_2],
};

const LOOPBACK = { 4: "127.0.0.0/8", 6: "::1/128" } as const;

/** The rules that stand without any network. */
export function baseRules(family: 4 | 6, { hairpin }: RuleMode): Rule[] {
  const rule = (table: RuleTable, chain: string, spec: string, at: Rule["at"] = "end"): Rule => ({
    family,
    table,
    chain,
    spec,
    at,
  });
  const local = "-m addrtype --dst-type LOCAL -j DOCKER";
  return [
    rule("nat", "PREROUTING", local),
    rule("nat", "OUTPUT", hairpin ? local : `! -d ${LOOPBACK[family]} ${local}`),
    rule("filter", "FORWARD", `-j ${FORWARD}`, "top"),
    rule("filter", "FORWARD", `-j ${USER_CHAIN}`, "top"),
    rule("filter", FORWARD, "-j DOCKER-CT"),
    rule("filter", FORWARD, `-j ${STAGE_1}`),
    rule("filter", FORWARD, "-j DOCKER-BRIDGE"),
  ];
}

interface FamilyView {
  readonly family: 4 | 6;
  readonly subnet: string;
  readonly mode: GatewayMode;
  readonly hostAddress: string | null;
}

function familyViews(network: BridgeNetwork): FamilyView[] {
  const { ipv4, ipv6, bridge } = network;
  const views: FamilyView[] = [];
  if (ipv4)
    views.push({ family: 4, subnet: ipv4.subnet, mode: bridge.modeIPv4, hostAddress: bridge.hostIPv4 });
  if (ipv6)
    views.push({ family: 6, subnet: ipv6.subnet, mode: bridge.modeIPv6, hostAddress: bridge.hostIPv6 });
  return views;
}

/** The rules of a network, whether or not it has containers. */
export function networkRules(network: Network, mode: RuleMode): Rule[] {
  if (!isBridgeNetwork(network)) return [];
  const { bridge, internal } = network;
  return familyViews(network).flatMap(view =>
    internal ? internalRules(bridge, view) : externalRules(bridge, view, mode),
  );
}

/** Nothing passes between an internal network and anything else. */
function internalRules({ name, icc }: BridgeOptions, { family, subnet }: FamilyView): Rule[] {
  const filter = { family, table: "filter" } as const;
  const inbound = family === 4 ? "" : ` ! -o ${name}`;
  const outbound = family === 4 ? "" : `! -i ${name} `;
  return [
    { ...filter, chain: STAGE_1, spec: `! -d ${subnet} -i ${name}${inbound} -j DROP`, at: "top" },
    { ...filter, chain: STAGE_1, spec: `! -s ${subnet} ${outbound}-o ${name} -j DROP`, at: "top" },
    { ...filter, chain: FORWARD, spec: `-i ${name} -o ${name} -j ${icc ? "ACCEPT" : "DROP"}`, at: "end" },
  ];
}

function natRules(bridge: BridgeOptions, view: FamilyView, { hairpin }: RuleMode): Rule[] {
  const { name, masquerade } = bridge;
  const nat = { family: view.family, table: "nat", at: "top" } as const;
  const target = view.hostAddress ? `SNAT --to-source ${view.hostAddress}` : "MASQUERADE";
  const rules: Rule[] = [];
  if (masquerade && view.mode !== "routed")
    rules.push({ ...nat, chain: "POSTROUTING", spec: `-s ${view.subnet} ! -o ${name} -j ${target}` });
  // What a container sends to a published port must meet the proxy, not the rules that isolate bridges.
  if (masquerade && !hairpin) rules.push({ ...nat, chain: "DOCKER", spec: `-i ${name} -j RETURN` });
  if (hairpin)
    rules.push({
      ...nat,
      chain: "POSTROUTING",
      spec: `-o ${name} -m addrtype --src-type LOCAL -j ${target}`,
    });
  return rules;
}

function externalRules(bridge: BridgeOptions, view: FamilyView, mode: RuleMode): Rule[] {
  const { name, icc } = bridge;
  const { family } = view;
  const routed = view.mode === "routed";
  const filter = (chain: string, spec: string, at: Rule["at"] = "end"): Rule => ({
    family,
    table: "filter",
    chain,
    spec,
    at,
  });
  const rules = natRules(bridge, view, mode);
  if (!icc) rules.push(filter(FORWARD, `-i ${name} -o ${name} -j DROP`));
  if (routed) rules.push(filter("DOCKER", `-o ${name} -p ${family === 4 ? "icmp" : "ipv6-icmp"} -j ACCEPT`));
  rules.push(
    filter(FORWARD, icc ? `-i ${name} -j ACCEPT` : `-i ${name} ! -o ${name} -j ACCEPT`),
    filter("DOCKER", `! -i ${name} -o ${name} -j ${view.mode === "nat-unprotected" ? "ACCEPT" : "DROP"}`),
    filter("DOCKER-CT", `-o ${name} ${ESTABLISHED}`),
    filter("DOCKER-BRIDGE", `-o ${name} -j DOCKER`),
  );
  if (routed)
    rules.push(
      filter(STAGE_1, `-o ${name} -j RETURN`, "top"),
      filter(STAGE_1, `-i ${name} ${ESTABLISHED}`, "top"),
    );
  rules.push(
    filter(STAGE_1, `-i ${name} ! -o ${name} -j ${STAGE_2}`),
    filter(STAGE_2, `-o ${name} -j DROP`, "top"),
  );
  return rules;
}

const HOST_BITS = { 4: 32, 6: 128 } as const;

function familyOf(address: string): 4 | 6 {
  return address.includes(":") ? 6 : 4;
}

/** The rules of a container's addresses: nobody reaches them directly but through the bridge. */
export function endpointRules(network: Network, addresses: readonly string[]): Rule[] {
  if (!isBridgeNetwork(network) || network.internal) return [];
  const { name, modeIPv4, modeIPv6 } = network.bridge;
  const rules: Rule[] = [];
  for (const address of addresses) {
    const family = familyOf(address);
    const mode = family === 4 ? modeIPv4 : modeIPv6;
    if (mode === "nat-unprotected" || mode === "routed") continue;
    const spec = `-d ${address}/${HOST_BITS[family]} ! -i ${name} -j DROP`;
    rules.push({ family, table: "raw", chain: "PREROUTING", spec, at: "end" });
  }
  return rules;
}

/** "-p tcp -m tcp --dport 80" */
function port(protocol: string, number: number): string {
  return `-p ${protocol} -m ${protocol} --dport ${number}`;
}

function socketAddress(address: string, number: number): string {
  return address.includes(":") ? `[${address}]:${number}` : `${address}:${number}`;
}

/** The rules of one published port. A port of the host's IPv6 for an IPv4 container is left to the proxy. */
export function portRules(network: Network, mapping: PortMapping, mode: RuleMode): Rule[] {
  if (!isBridgeNetwork(network) || network.internal) return [];
  const { hostAddress, hostPort, containerAddress, containerPort, protocol } = mapping;
  const family = familyOf(containerAddress);
  const rules: Rule[] = [];
  if (hostPort !== 0 && hostAddress.startsWith("127."))
    rules.push({
      family: 4,
      table: "raw",
      chain: "PREROUTING",
      spec: `-d ${hostAddress}/32 ! -i lo ${port(protocol, hostPort)} -j DROP`,
      at: "end",
    });
  if (familyOf(hostAddress) !== family) return rules;
  if (hostPort !== 0) rules.push(...portNatRules(network.bridge, mapping, mode));
  const unprotected =
    (family === 4 ? network.bridge.modeIPv4 : network.bridge.modeIPv6) === "nat-unprotected";
  if (!unprotected) {
    const { name } = network.bridge;
    const destination = `-d ${containerAddress}/${HOST_BITS[family]}`;
    rules.push({
      family,
      table: "filter",
      chain: "DOCKER",
      spec: `${destination} ! -i ${name} -o ${name} ${port(protocol, containerPort)} -j ACCEPT`,
      at: "top",
    });
  }
  return rules;
}

function portNatRules({ name }: BridgeOptions, mapping: PortMapping, { hairpin }: RuleMode): Rule[] {
  const { hostAddress, hostPort, containerAddress, containerPort, protocol } = mapping;
  const family = familyOf(containerAddress);
  const bits = HOST_BITS[family];
  const anywhere = hostAddress === "0.0.0.0" || hostAddress === "::";
  const words = [
    ...(family === 6 ? ["! -s fe80::/10"] : []),
    ...(anywhere ? [] : [`-d ${hostAddress}/${bits}`]),
    ...(hairpin ? [] : [`! -i ${name}`]),
    port(protocol, hostPort),
    `-j DNAT --to-destination ${socketAddress(containerAddress, containerPort)}`,
  ];
  const nat = { family, table: "nat", at: "end" } as const;
  const rules: Rule[] = [{ ...nat, chain: "DOCKER", spec: words.join(" ") }];
  if (hairpin) {
    const itself = `-s ${containerAddress}/${bits} -d ${containerAddress}/${bits}`;
    rules.push({
      ...nat,
      chain: "POSTROUTING",
      spec: `${itself} ${port(protocol, containerPort)} -j MASQUERADE`,
    });
  }
  return rules;
}
