import { EngineError, messageOf } from "../base/errors.ts";
import type { Bytes } from "../sys/bytes.ts";
import { type Files, isSysError } from "../sys/files.ts";
import type { NetworkNamespace, Networks } from "../sys/network.ts";
import { writeOptionalSetting } from "./bridges.ts";
import type { Ipam } from "./ipam.ts";
import { type BridgeNetwork, isBridgeNetwork, type Network, prefixOf } from "./network.ts";
import type { RuleMode } from "./rules.ts";

/** A container's place in a network. */
export interface Endpoint {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly network: Network;
  readonly containerId: string;
  /** Of the container. */
  readonly name: string;
  /** Empty where the network has no interfaces. */
  readonly mac: string;
  readonly ipv4: string | null;
  readonly ipv6: string | null;
}

/** What a container would like of its endpoint; empty texts leave it to us. */
export interface EndpointRequest {
  readonly containerId: string;
  readonly name: string;
  /** The path of the container's network namespace. */
  readonly sandbox: string;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly mac: string;
}

/** The host's end of an endpoint's veth pair. */
export function hostInterface(endpointId: string): string {
  return `veth${endpointId.slice(0, 7)}`;
}

/** A random address that is locally administered and no group's (IEEE 802). */
export function randomMac(bytes: Bytes): string {
  const hex = bytes.randomHex(6);
  const first = (Number.parseInt(hex.slice(0, 2), 16) & 0xfe) | 0x02;
  const rest = hex.slice(2).match(/../g) ?? [];
  return [first.toString(16).padStart(2, "0"), ...rest].join(":");
}

/** The endpoints of all containers, and the interfaces that they consist of. */
export class Endpoints {
  readonly #networks: Networks;
  readonly #bytes: Bytes;
  readonly #files: Files;
  readonly #ipam: Ipam;
  readonly #mode: RuleMode;
  readonly #byId = new Map<string, Endpoint>();

  constructor(sys: { networks: Networks; bytes: Bytes; files: Files }, ipam: Ipam, mode: RuleMode) {
    this.#networks = sys.networks;
    this.#bytes = sys.bytes;
    this.#files = sys.files;
    this.#ipam = ipam;
    this.#mode = mode;
  }

  all(): Endpoint[] {
    return [...this.#byId.values()];
  }

  of(network: Network): Endpoint[] {
    return this.all().filter(endpoint => endpoint.network.id === network.id);
  }

  get(id: string): Endpoint | undefined {
    return this.#byId.get(id);
  }

  /** Takes addresses and makes the interfaces. Nothing is left when this throws. */
  attach(network: Network, request: EndpointRequest): Endpoint {
    const { containerId, name } = request;
    const id = this.#bytes.randomHex(32);
    const bare = { id, network, containerId, name, mac: "", ipv4: null, ipv6: null };
    if (!isBridgeNetwork(network)) {
      this.#byId.set(id, bare);
      return bare;
    }
    const endpoint = {
      ...bare,
      mac: request.mac || randomMac(this.#bytes),
      ...this.#addresses(network, request),
    };
    this.#byId.set(id, endpoint);
    try {
      this.#plug(network, endpoint, request.sandbox);
    } catch (error) {
      this.detach(endpoint);
      throw error;
    }
    return endpoint;
  }

  /** Takes up an endpoint that an earlier daemon made, whose interfaces are there. */
  adopt(endpoint: Endpoint): void {
    for (const [family, address] of [
      [4, endpoint.ipv4],
      [6, endpoint.ipv6],
    ] as const)
      if (address) this.#ipam.requestAddress(endpoint.network, family, { need: address });
    this.#byId.set(endpoint.id, endpoint);
  }

  /** Notes that a container has another name. */
  rename(containerId: string, name: string): void {
    for (const [id, endpoint] of this.#byId)
      if (endpoint.containerId === containerId) this.#byId.set(id, { ...endpoint, name });
  }

  /** Removes the interfaces and gives the addresses back; one that is gone already is fine. */
  detach(endpoint: Endpoint): void {
    if (!this.#byId.delete(endpoint.id)) return;
    const { network, ipv4, ipv6 } = endpoint;
    for (const address of [ipv4, ipv6]) if (address) this.#ipam.releaseAddress(network.id, address);
    if (!isBridgeNetwork(network)) return;
    this.#networks.within(null, host => {
      const link = host.link(hostInterface(endpoint.id));
      try {
        if (link) host.deleteLink(link.index);
      } catch (error) {
        // The kernel removes the pair with the namespace that its other end was in.
        if (!isSysError(error, "ENODEV")) throw error;
      }
    });
  }

  #addresses(network: Network, request: EndpointRequest): { ipv4: string | null; ipv6: string | null } {
    const take = (family: 4 | 6, need: string): string =>
      this.#ipam.requestAddress(network, family, need === "" ? {} : { need });
    const ipv4 = network.ipv4 ? take(4, request.ipv4) : null;
    try {
      return { ipv4, ipv6: network.ipv6 ? take(6, request.ipv6) : null };
    } catch (error) {
      if (ipv4) this.#ipam.releaseAddress(network.id, ipv4);
      throw error;
    }
  }

  #plug(network: BridgeNetwork, endpoint: Endpoint, sandbox: string): void {
    const { name: bridge, mtu, interfacePrefix } = network.bridge;
    const inside = this.#networks.within(sandbox, namespace => freeName(namespace, interfacePrefix));
    this.#networks.within(null, host => {
      const master = host.link(bridge);
      if (!master) throw new EngineError("system", `bridge ${bridge} of network ${network.name} is missing`);
      host.addLink({
        name: hostInterface(endpoint.id),
        kind: "veth",
        up: true,
        master: master.index,
        ...(mtu > 0 ? { mtu } : {}),
        peer: { name: inside, mac: endpoint.mac, namespace: sandbox },
      });
    });
    if (this.#mode.hairpin)
      this.#files.write(`/sys/class/net/${hostInterface(endpoint.id)}/brport/hairpin_mode`, "1");
    this.#networks.within(sandbox, namespace => configure(namespace, inside, endpoint));
  }
}

function freeName(namespace: NetworkNamespace, prefix: string): string {
  for (let number = 0; ; number++) if (!namespace.link(prefix + number)) return prefix + number;
}

/** Gives the container's interface its addresses, and sets it up. */
function configure(namespace: NetworkNamespace, name: string, { network, ipv4, ipv6 }: Endpoint): void {
  const link = namespace.link(name);
  if (!link) throw new EngineError("system", `interface ${name} has vanished`);
  // An address may have had another hardware address a moment ago: the interface announces its own.
  writeOptionalSetting(namespace, `ipv4/conf/${name}/arp_notify`, "1");
  writeOptionalSetting(namespace, `ipv6/conf/${name}/disable_ipv6`, ipv6 ? "0" : "1");
  for (const [address, subnet] of [
    [ipv4, network.ipv4],
    [ipv6, network.ipv6],
  ] as const) {
    if (!address || !subnet) continue;
    try {
      namespace.addAddress(link.index, address, prefixOf(subnet.subnet).bits);
    } catch (error) {
      const text = `failed to set address ${address} on ${name}: ${messageOf(error)}`;
      throw new EngineError("system", text, { cause: error });
    }
  }
  namespace.setLink(link.index, { up: true });
}

/** The endpoint through which a container reaches everything else; undefined where none of them leads out. */
export function gatewayEndpoint<T extends { readonly endpoint: Endpoint; readonly priority: number }>(
  members: readonly T[],
): T | undefined {
  const leadOut = members.filter(
    ({ endpoint: { network } }) => isBridgeNetwork(network) && !network.internal,
  );
  const [first] = leadOut.toSorted(
    (a, b) => b.priority - a.priority || (a.endpoint.network.name < b.endpoint.network.name ? -1 : 1),
  );
  return first;
}

/** Makes an endpoint's network the one that leads out, or leaves a sandbox without any. */
export function setDefaultRoutes(networks: Networks, sandbox: string, endpoint: Endpoint | undefined): void {
  const gateways = [endpoint?.network.ipv4?.gateway, endpoint?.network.ipv6?.gateway];
  networks.within(sandbox, namespace => {
    for (const route of namespace.routes())
      if (route.destination === undefined && route.gateway && !gateways.includes(route.gateway))
        namespace.removeRoute(route);
    for (const gateway of gateways) {
      if (!gateway) continue;
      try {
        namespace.addRoute({ gateway });
      } catch (error) {
        if (!isSysError(error, "EEXIST")) throw error; // it leads there already
      }
    }
  });
}
