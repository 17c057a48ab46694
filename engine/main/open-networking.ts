import type { Log } from "../daemon/daemon.ts";
import type { Networking } from "../daemon/networking.ts";
import { parseResolvConf } from "../daemon/resolv-conf.ts";
import { AddressSpace, defaultTemplates, type PoolTemplate, poolTemplate } from "../network/address-space.ts";
import { Bridges } from "../network/bridges.ts";
import { Endpoints } from "../network/endpoints.ts";
import { Firewall } from "../network/firewall.ts";
import { Ipam } from "../network/ipam.ts";
import { openTables } from "../network/iptables.ts";
import { NameServers } from "../network/name-servers.ts";
import { NetworkIndex } from "../network/network-index.ts";
import { NetworkManager } from "../network/network-manager.ts";
import type { NetworkSettings } from "../network/network-settings.ts";
import { NetworkStore } from "../network/network-store.ts";
import { parseDynamicRange, PortAllocator } from "../network/port-allocator.ts";
import { PortPublisher } from "../network/port-publisher.ts";
import { Proxies } from "../network/proxies.ts";
import type { RuleMode } from "../network/rules.ts";
import type { Sys } from "../sys/sys.ts";

const PORT_RANGE = "/proc/sys/net/ipv4/ip_local_port_range";
const ULA_BITS = 48; // of a unique local prefix (RFC 4193)
const SUBNET_BITS = 64;

/** IPv6 subnets come from a unique local prefix that is the engine's own. */
function uniqueLocalPool(sys: Sys, engineId: string): PoolTemplate {
  const hex = sys.bytes.sha256(engineId);
  const base = `fd${hex.slice(0, 2)}:${hex.slice(2, 6)}:${hex.slice(6, 10)}::/${ULA_BITS}`;
  return poolTemplate(base, SUBNET_BITS);
}

function pools(sys: Sys, settings: NetworkSettings, engineId: string): PoolTemplate[] {
  const { addressPools } = settings;
  const chosen =
    addressPools.length > 0
      ? addressPools.map(({ base, size }) => poolTemplate(base, size))
      : defaultTemplates();
  return [...chosen, uniqueLocalPool(sys, engineId)];
}

function hostNameServers(sys: Sys): readonly string[] {
  const path = "/etc/resolv.conf";
  return sys.files.exists(path) ? parseResolvConf(sys.files.readText(path)).servers : [];
}

function openPublisher(sys: Sys, settings: NetworkSettings, firewall: Firewall): PortPublisher {
  const range = sys.files.exists(PORT_RANGE) ? sys.files.readText(PORT_RANGE) : "";
  return new PortPublisher({
    sockets: sys.sockets,
    allocator: new PortAllocator(parseDynamicRange(range)),
    firewall,
    proxies: settings.userlandProxy ? new Proxies(sys, settings.userlandProxyPath) : null,
    mode: ruleMode(settings),
  });
}

/** Without the proxy, rules must do what it does. */
function ruleMode({ userlandProxy }: NetworkSettings): RuleMode {
  return { hairpin: !userlandProxy };
}

/** Builds what connects containers to each other and the world. */
export function openNetworking(
  sys: Sys,
  options: { settings: NetworkSettings; dataRoot: string; engineId: string },
  log: Log,
): Networking {
  const { settings, dataRoot, engineId } = options;
  const mode = ruleMode(settings);
  const index = new NetworkIndex();
  const bridges = new Bridges(sys.networks, mode);
  const space = new AddressSpace(pools(sys, settings, engineId));
  const ipam = new Ipam(space, () => bridges.reserved(hostNameServers(sys)));
  const warn = (problem: string): void => log("warning", problem);
  const firewall = new Firewall(
    async family => {
      const wanted = family === 4 ? settings.iptables : settings.iptables && settings.ip6tables;
      return wanted ? openTables(sys, family, warn) : null;
    },
    mode,
    () => new Set(index.all().flatMap(({ bridge }) => bridge?.name ?? [])),
    warn,
  );
  const endpoints = new Endpoints(sys, ipam, mode);
  const ports = openPublisher(sys, settings, firewall);
  const store = new NetworkStore(sys.files, dataRoot);
  const { bytes, clock } = sys;
  const manager = new NetworkManager({
    bytes,
    clock,
    index,
    store,
    ipam,
    bridges,
    endpoints,
    firewall,
    mode,
  });
  const nameServers = new NameServers(sys, warn);
  return { settings, manager, endpoints, ports, firewall, bridges, nameServers, mode };
}
