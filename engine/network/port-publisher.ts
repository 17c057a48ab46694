import { EngineError, messageOf } from "../base/errors.ts";
import { joinHostPort } from "../base/port-spec.ts";
import { isSysError } from "../sys/files.ts";
import type { BoundPort, Sockets } from "../sys/streams.ts";
import type { Endpoint } from "./endpoints.ts";
import type { Firewall, OwnedRules } from "./firewall.ts";
import { isBridgeNetwork } from "./network.ts";
import type { PortAllocator } from "./port-allocator.ts";
import { groupRequests, type PortGroup, type PortRequest, type PortTarget } from "./port-requests.ts";
import type { Proxies, Proxy } from "./proxies.ts";
import { type PortMapping, portRules, type RuleMode } from "./rules.ts";

/** How often another port is tried where a port that seemed free turns out to be some program's. */
const ATTEMPTS = 10;

/** A port that is published, and what it consists of. */
interface Publication {
  readonly mapping: PortMapping;
  /** Keeps the port until a proxy has it, or for good where there is none; null where the host has none to keep. */
  socket: BoundPort | null;
  proxy: Proxy | null;
}

/** What publishing needs. */
export interface PublisherParts {
  readonly sockets: Sockets;
  readonly allocator: PortAllocator;
  readonly firewall: Firewall;
  /** null without docker-proxy. */
  readonly proxies: Proxies | null;
  readonly mode: RuleMode;
}

/** Publishes ports of containers at addresses of the host. */
export class PortPublisher {
  readonly #parts: PublisherParts;
  readonly #published = new Map<string, Publication[]>();
  #hostHasIPv6: boolean | undefined;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
  }

  /** The mappings of an endpoint. */
  of(endpointId: string): PortMapping[] {
    return (this.#published.get(endpointId) ?? []).map(({ mapping }) => mapping);
  }

  /** Publishes ports; resolves once they can be reached. Nothing is left when that fails. */
  async publish(endpoint: Endpoint, requests: readonly PortRequest[]): Promise<PortMapping[]> {
    const { network, id } = endpoint;
    if (requests.length === 0 || !isBridgeNetwork(network)) return [];
    const publications: Publication[] = [];
    this.#published.set(id, publications);
    try {
      const groups = groupRequests(requests, {
        ipv4: endpoint.ipv4,
        ipv6: endpoint.ipv6,
        defaultAddress: network.bridge.bindingAddress,
        hostHasIPv6: this.#checkIPv6(),
        proxy: this.#parts.proxies !== null,
      });
      for (const group of groups) publications.push(...this.#bind(group));
      await this.#parts.firewall.apply([this.#rules(endpoint)]);
      await this.#serve(publications);
    } catch (error) {
      await this.release(endpoint);
      const what = `driver failed programming external connectivity on endpoint ${endpoint.name} (${id})`;
      throw new EngineError("system", `${what}: ${messageOf(error)}`, { cause: error });
    }
    return this.of(id);
  }

  /** Takes up what an earlier daemon has published. Its rules are for whoever starts the firewall. */
  adopt(endpoint: Endpoint, mappings: readonly PortMapping[]): OwnedRules {
    const publications = mappings.map((mapping): Publication => {
      const { hostAddress, hostPort, protocol } = mapping;
      if (hostPort > 0)
        this.#parts.allocator.take([hostAddress], protocol, { first: hostPort, last: hostPort });
      return { mapping, socket: null, proxy: null };
    });
    this.#published.set(endpoint.id, publications);
    return this.#rules(endpoint);
  }

  /** Binds the ports of what was adopted, and serves them. `report` is told of those that cannot be had. */
  async resume(report: (problem: string) => void): Promise<void> {
    for (const publications of this.#published.values())
      for (const publication of publications) {
        if (publication.socket || publication.proxy || publication.mapping.hostPort === 0) continue;
        const { protocol, hostAddress, hostPort } = publication.mapping;
        try {
          publication.socket = this.#parts.sockets.bindPort(protocol, hostAddress, hostPort);
          await this.#serve([publication]);
        } catch (error) {
          report(`failed to serve ${describe(publication.mapping)} again: ${messageOf(error)}`);
        }
      }
  }

  /** Gives all ports of an endpoint back; one that has none is fine. */
  async release(endpoint: Endpoint): Promise<void> {
    const publications = this.#published.get(endpoint.id);
    if (!publications) return;
    this.#published.delete(endpoint.id);
    for (const { socket } of publications) socket?.close();
    try {
      await Promise.all(publications.map(async ({ proxy }) => proxy?.stop()));
      await this.#parts.firewall.apply([[portsOwner(endpoint.id), []]]);
    } finally {
      for (const { mapping } of publications) this.#releasePort(mapping);
    }
  }

  #rules(endpoint: Endpoint): OwnedRules {
    const { mode } = this.#parts;
    const rules = this.of(endpoint.id).flatMap(mapping => portRules(endpoint.network, mapping, mode));
    return [portsOwner(endpoint.id), rules];
  }

  #releasePort({ hostAddress, protocol, hostPort }: PortMapping): void {
    if (hostPort > 0) this.#parts.allocator.release(hostAddress, protocol, hostPort);
  }

  #bind(group: PortGroup): Publication[] {
    const { hostPorts } = group;
    const isCertain = hostPorts !== null && hostPorts.first === hostPorts.last;
    for (let attempt = 1; ; attempt++) {
      try {
        return this.#tryBind(group);
      } catch (error) {
        if (isCertain || attempt === ATTEMPTS) throw error;
      }
    }
  }

  #tryBind(group: PortGroup): Publication[] {
    const { protocol, targets, hostPorts } = group;
    const addresses = targets.map(({ hostAddress }) => hostAddress);
    const port = this.#parts.allocator.take(addresses, protocol, hostPorts);
    const bound: Publication[] = [];
    try {
      for (const target of targets) {
        const mapping = { ...target, protocol, hostPort: port, containerPort: group.port };
        bound.push({ mapping, socket: this.#bindOne(group, target, port), proxy: null });
      }
      return bound;
    } catch (error) {
      for (const { socket } of bound) socket?.close();
      for (const address of addresses) this.#parts.allocator.release(address, protocol, port);
      throw error;
    }
  }

  #bindOne(group: PortGroup, target: PortTarget, port: number): BoundPort {
    try {
      return this.#parts.sockets.bindPort(group.protocol, target.hostAddress, port);
    } catch (error) {
      if (!isSysError(error)) throw error;
      const { hostPorts } = group;
      const range = hostPorts && hostPorts.first !== hostPorts.last ? `-${hostPorts.last}` : "";
      const place = hostPorts
        ? joinHostPort(target.hostAddress, `${hostPorts.first}${range}`)
        : target.hostAddress;
      const which = range === "" ? "" : ` ${port}`;
      const what = `${place}:${joinHostPort(target.containerAddress, `${group.port}`)}/${group.protocol}`;
      const reason = error.message.slice(error.message.lastIndexOf(": ") + 2);
      throw new EngineError("system", `failed to bind host port${which} for ${what}: ${reason}`, {
        cause: error,
      });
    }
  }

  /** The rules stand: connections that a proxy takes from now on are those that they leave to it. */
  async #serve(publications: readonly Publication[]): Promise<void> {
    const { proxies } = this.#parts;
    await Promise.all(
      publications.map(async publication => {
        const { socket, mapping } = publication;
        if (!socket) return;
        socket.listen();
        if (!proxies) return; // the socket shows others that the port is taken
        publication.proxy = await proxies.start(mapping, socket.fd);
        publication.socket = null;
        socket.close();
      }),
    );
  }

  #checkIPv6(): boolean {
    this.#hostHasIPv6 ??= this.#canBindIPv6();
    return this.#hostHasIPv6;
  }

  #canBindIPv6(): boolean {
    try {
      this.#parts.sockets.bindPort("tcp", "::1", 0).close();
      return true;
    } catch (error) {
      if (isSysError(error)) return false;
      throw error;
    }
  }
}

/** The name that the rules of an endpoint's ports go by. */
export function portsOwner(endpointId: string): string {
  return `${endpointId} ports`;
}

function describe({ protocol, hostAddress, hostPort }: PortMapping): string {
  return `${joinHostPort(hostAddress, `${hostPort}`)}/${protocol}`;
}
