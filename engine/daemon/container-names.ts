import type { Container } from "../container/container.ts";
import type { Endpoint } from "../network/endpoints.ts";
import type { ContainerNames } from "../network/name-servers.ts";
import { isUserDefined } from "../network/network.ts";
import type { Daemon } from "./daemon.ts";
import { endpointsOf } from "./join-networks.ts";
import { hostResolvConf, resolverOverrides } from "./network-files.ts";
import { externalServers } from "./resolv-conf.ts";

/** The endpoints that a container shares a network with, those of each network together. */
function neighbours(daemon: Daemon, container: Container): Endpoint[] {
  const own = endpointsOf(daemon, container).filter(({ network }) => isUserDefined(network.name));
  return own.flatMap(({ network }) => daemon.networking.endpoints.of(network));
}

/** The names that a network knows an endpoint by. */
function namesOf(daemon: Daemon, { containerId, network }: Endpoint): readonly string[] {
  const container = daemon.containers.all().find(({ id }) => id === containerId);
  return container?.networking.networks[network.name]?.DNSNames ?? [];
}

/** Names of links: what a container calls another one in a network. */
function linkedNames(container: Container, network: string): ReadonlyMap<string, string> {
  const links = container.networking.networks[network]?.Links ?? [];
  return new Map(
    links.map(link => {
      const [name = "", alias = name] = link.split(":");
      return [alias.toLowerCase(), name.toLowerCase()];
    }),
  );
}

/** What a container can look up: the names of those that it shares a network with, and those of the world. */
export function containerNames(daemon: Daemon, container: Container): ContainerNames {
  return {
    addresses(name, family) {
      const wanted = name.toLowerCase();
      const found = neighbours(daemon, container).filter(endpoint => {
        const { name: network } = endpoint.network;
        const bare = wanted.endsWith(`.${network.toLowerCase()}`)
          ? wanted.slice(0, -network.length - 1)
          : wanted;
        const meant = linkedNames(container, network).get(bare) ?? bare;
        return namesOf(daemon, endpoint).some(own => own.toLowerCase() === meant);
      });
      if (found.length === 0) return null;
      const addresses = found.map(({ ipv4, ipv6 }) => (family === 4 ? ipv4 : ipv6));
      return addresses.filter(address => address !== null);
    },
    nameOf(address) {
      const endpoint = neighbours(daemon, container).find(
        ({ ipv4, ipv6 }) => ipv4 === address || ipv6 === address,
      );
      const [name] = endpoint ? namesOf(daemon, endpoint) : [];
      return endpoint && name !== undefined ? `${name}.${endpoint.network.name}` : null;
    },
    servers() {
      const leadsOut = endpointsOf(daemon, container).some(({ network }) => !network.internal);
      return leadsOut ? externalServers(hostResolvConf(daemon), resolverOverrides(daemon, container)) : [];
    },
  };
}

/** Answers a container's queries from now on, if it is in a network whose containers have names. */
export function serveNames(daemon: Daemon, container: Container): void {
  const { nameServers } = daemon.networking;
  const { sandboxKey } = container.networking;
  if (endpointsOf(daemon, container).some(({ network }) => isUserDefined(network.name)))
    nameServers.start(container.id, sandboxKey, containerNames(daemon, container));
}
