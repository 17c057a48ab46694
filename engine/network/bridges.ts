import { formatIpPrefix, type IpPrefix, maskedPrefix, parseIpAddress } from "../base/ip-prefix.ts";
import { EngineError, messageOf } from "../base/errors.ts";
import { isSysError } from "../sys/files.ts";
import type { LinkInfo, NetworkNamespace, Networks } from "../sys/network.ts";
import { type BridgeNetwork, prefixOf, type Subnet } from "./network.ts";
import type { RuleMode } from "./rules.ts";

/** Writes below /proc/sys/net; a kernel without that part of the network has nothing to set. */
export function writeOptionalSetting(namespace: NetworkNamespace, name: string, value: string): void {
  try {
    namespace.writeSetting(name, value);
  } catch (error) {
    if (!isSysError(error, "ENOENT")) throw error;
  }
}

/** The bridges of networks: Linux bridges of the host. */
export class Bridges {
  readonly #networks: Networks;
  readonly #mode: RuleMode;

  constructor(networks: Networks, mode: RuleMode) {
    this.#networks = networks;
    this.#mode = mode;
  }

  /** Makes a network's bridge, or brings one that is there to the state that it should have. */
  setUp(network: BridgeNetwork): void {
    this.#networks.within(null, host => {
      const { name, mtu } = network.bridge;
      const found = host.link(name);
      if (!found) host.addLink({ name, kind: "bridge", ...(mtu > 0 ? { mtu } : {}) });
      const link = found ?? host.link(name);
      if (!link) throw new EngineError("system", `bridge ${name} has vanished`);
      if (network.ipv6) writeOptionalSetting(host, `ipv6/conf/${name}/disable_ipv6`, "0");
      // Without a proxy, rules send what comes from the host's loopback to the container.
      if (this.#mode.hairpin) writeOptionalSetting(host, `ipv4/conf/${name}/route_localnet`, "1");
      setAddresses(host, link, network, found !== null);
      if (!link.up) host.setLink(link.index, { up: true });
    });
  }

  /** Absent is fine. */
  remove(name: string): void {
    this.#networks.within(null, host => {
      const link = host.link(name);
      if (link) host.deleteLink(link.index);
    });
  }

  /** Removes host ends of veth pairs that hang on one of these bridges and belong to no endpoint. */
  removeStrays(bridges: ReadonlySet<string>, known: ReadonlySet<string>): void {
    this.#networks.within(null, host => {
      const links = host.links();
      const indexes = new Set(links.filter(link => bridges.has(link.name)).map(link => link.index));
      for (const { index, name, master } of links)
        if (master !== undefined && indexes.has(master) && !known.has(name) && /^veth[0-9a-f]{7}$/.test(name))
          removeLink(host, index);
    });
  }

  /** The subnets that the host is on itself, and its name servers: no network gets those by itself. */
  reserved(nameServers: readonly string[]): IpPrefix[] {
    return this.#networks.within(null, host => {
      const found: IpPrefix[] = [];
      for (const { destination = "", prefix = 0, gateway } of host.routes()) {
        const address = parseIpAddress(destination);
        if (address && gateway === undefined && prefix > 0)
          found.push(maskedPrefix({ address, bits: prefix }));
      }
      for (const server of nameServers) {
        const address = parseIpAddress(server);
        if (address) found.push({ address, bits: address.family === 4 ? 32 : 128 });
      }
      return found;
    });
  }
}

/** The other end may have taken it along just now. */
function removeLink(host: NetworkNamespace, index: number): void {
  try {
    host.deleteLink(index);
  } catch (error) {
    if (!isSysError(error, "ENODEV")) throw error;
  }
}

function gatewayAddress(subnet: Subnet | null): { address: string; prefix: number } | null {
  return subnet?.gateway ? { address: subnet.gateway, prefix: prefixOf(subnet.subnet).bits } : null;
}

/** Gives the bridge the gateway's addresses. Other IPv4 addresses of an earlier configuration go. */
function setAddresses(host: NetworkNamespace, link: LinkInfo, network: BridgeNetwork, isOld: boolean): void {
  const wanted = [
    ...(network.bridge.inhibitIPv4 ? [] : [gatewayAddress(network.ipv4)]),
    gatewayAddress(network.ipv6),
  ].filter(address => address !== null);
  const present = isOld ? host.addresses().filter(({ index }) => index === link.index) : [];
  for (const { address, prefix } of present) {
    const keep = wanted.some(other => other.address === address && other.prefix === prefix);
    if (!keep && !address.includes(":")) host.removeAddress(link.index, address, prefix);
  }
  for (const { address, prefix } of wanted) {
    if (present.some(other => other.address === address && other.prefix === prefix)) continue;
    try {
      host.addAddress(link.index, address, prefix);
    } catch (error) {
      const parsed = parseIpAddress(address);
      const text = parsed ? formatIpPrefix({ address: parsed, bits: prefix }) : address;
      throw new EngineError("system", `failed to add ${text} to bridge ${link.name}: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
}
