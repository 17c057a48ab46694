import { EngineError, kindOf, messageOf } from "../base/errors.ts";
import type { Container } from "../container/container.ts";
import { clearEndpoint, type EndpointSettings, networkOfMode } from "../container/networking.ts";
import { type Endpoint, gatewayEndpoint, setDefaultRoutes } from "../network/endpoints.ts";
import { isUserDefined, type Network, prefixOf } from "../network/network.ts";
import { endpointRules } from "../network/rules.ts";
import { portMap, portRequests } from "./container-ports.ts";
import type { Daemon } from "./daemon.ts";
import { publishNetworkEvent } from "./network-events.ts";
import type { Networking } from "./networking.ts";

/** A container's endpoint with its place in the order of gateways. */
interface Member {
  readonly endpoint: Endpoint;
  readonly priority: number;
}

function membersOf(daemon: Daemon, container: Container): Member[] {
  const { networks } = container.networking;
  return endpointsOf(daemon, container).map(endpoint => ({
    endpoint,
    priority: networks[endpoint.network.name]?.GwPriority ?? 0,
  }));
}

/** The endpoints that a container has now. */
export function endpointsOf(daemon: Daemon, container: Container): Endpoint[] {
  return daemon.networking.endpoints.all().filter(({ containerId }) => containerId === container.id);
}

/** The network that an entry of a container's means: one that somebody made is known by its id, whatever its name. */
export function findNetwork(daemon: Daemon, name: string, settings?: EndpointSettings): Network {
  const wanted = isUserDefined(name) && settings?.NetworkID ? settings.NetworkID : name;
  return daemon.networking.manager.index.find(wanted);
}

/** The names that other containers of a network find a container by. */
function dnsNames(container: Container, aliases: readonly string[] | null): string[] {
  const { name, id, config } = container;
  const names = [name, ...(aliases ?? []), id.slice(0, 12), config.Hostname];
  return [...new Set(names.filter(text => text !== ""))];
}

/** Lets a container be found by its present name, not by an earlier one. */
export function renameInNetworks(daemon: Daemon, container: Container): void {
  daemon.networking.endpoints.rename(container.id, container.name);
  for (const settings of Object.values(container.networking.networks))
    if (settings.DNSNames) settings.DNSNames = dnsNames(container, settings.Aliases);
}

/** Connects a container's namespace to one network, and notes what came of it. */
export function joinNetwork(
  daemon: Daemon,
  container: Container,
  network: Network,
  settings: EndpointSettings,
): Endpoint {
  const { IPAMConfig, DesiredMacAddress } = settings;
  const endpoint = daemon.networking.endpoints.attach(network, {
    containerId: container.id,
    name: container.name,
    sandbox: container.networking.sandboxKey,
    ipv4: IPAMConfig?.IPv4Address ?? "",
    ipv6: IPAMConfig?.IPv6Address ?? "",
    mac: DesiredMacAddress,
  });
  settings.NetworkID = network.id;
  settings.EndpointID = endpoint.id;
  settings.MacAddress = endpoint.mac;
  settings.DNSNames = isUserDefined(network.name) ? dnsNames(container, settings.Aliases) : null;
  const { ipv4, ipv6 } = network;
  settings.IPAddress = endpoint.ipv4 ?? "";
  settings.IPPrefixLen = endpoint.ipv4 && ipv4 ? prefixOf(ipv4.subnet).bits : 0;
  settings.Gateway = network.internal ? "" : (ipv4?.gateway ?? "");
  settings.GlobalIPv6Address = endpoint.ipv6 ?? "";
  settings.GlobalIPv6PrefixLen = endpoint.ipv6 && ipv6 ? prefixOf(ipv6.subnet).bits : 0;
  settings.IPv6Gateway = network.internal ? "" : (ipv6?.gateway ?? "");
  return endpoint;
}

/** The rules of endpoints that were made just now. */
export function applyEndpointRules(daemon: Daemon, endpoints: readonly Endpoint[]): Promise<void> {
  return daemon.networking.firewall.apply(
    endpoints.map(({ id, network, ipv4, ipv6 }) => {
      const addresses = [ipv4, ipv6].filter(address => address !== null);
      return [id, endpointRules(network, addresses)] as const;
    }),
  );
}

/** Sends a container's packets through the network that leads out, and publishes its ports there, nowhere else. */
export async function settleGateway(daemon: Daemon, container: Container): Promise<void> {
  const { ports } = daemon.networking;
  const { networking } = container;
  const members = membersOf(daemon, container);
  const gateway = gatewayEndpoint(members)?.endpoint;
  setDefaultRoutes(daemon.sys.networks, networking.sandboxKey, gateway);
  for (const { endpoint } of members) if (endpoint.id !== gateway?.id) await ports.release(endpoint);
  if (gateway && ports.of(gateway.id).length === 0) await ports.publish(gateway, portRequests(container));
  const isBridged = members.some(({ endpoint }) => endpoint.network.bridge);
  networking.ports = isBridged ? portMap(container, gateway ? ports.of(gateway.id) : []) : {};
}

/** The networks of a container, with that of its mode first; without the default one where the daemon has none. */
function networkNames({ settings }: Networking, { networking, hostConfig }: Container): string[] {
  const names = Object.keys(networking.networks).filter(
    name => name !== "bridge" || settings.bridge !== "none",
  );
  const first = networkOfMode(hostConfig.NetworkMode);
  return names.includes(first) ? [first, ...names.filter(name => name !== first)] : names;
}

/**
 * Connects a container that is about to start to all its networks. `sandbox` is the path of its namespace. Nothing of it
 * is left when that fails.
 */
export async function joinNetworks(daemon: Daemon, container: Container, sandbox: string): Promise<void> {
  const { networking } = container;
  networking.sandboxId = container.id;
  networking.sandboxKey = sandbox;
  const made: Endpoint[] = [];
  try {
    for (const name of networkNames(daemon.networking, container)) {
      const settings = networking.networks[name];
      if (settings) made.push(joinNetwork(daemon, container, findNetwork(daemon, name, settings), settings));
    }
    await applyEndpointRules(daemon, made);
    if (made.some(({ network }) => network.bridge)) await settleGateway(daemon, container);
  } catch (error) {
    await leaveNetworks(daemon, container);
    const message = `failed to set up container networking: ${messageOf(error)}`;
    throw new EngineError(kindOf(error), message, { cause: error });
  }
  for (const { network } of made)
    publishNetworkEvent(daemon, network, "connect", { container: container.id });
}

/** Forgets what came of a container's networks, now that its process has ended. */
export function clearNetworking({ networking }: Container): void {
  networking.sandboxId = "";
  networking.sandboxKey = "";
  networking.ports = {};
  for (const settings of Object.values(networking.networks)) clearEndpoint(settings);
}

/** Takes one endpoint from the kernel and gives back what it held. */
export async function leaveNetwork(daemon: Daemon, endpoint: Endpoint): Promise<void> {
  const { ports, endpoints, firewall } = daemon.networking;
  try {
    await ports.release(endpoint);
    await firewall.apply([[endpoint.id, []]]);
  } finally {
    endpoints.detach(endpoint);
  }
}

/** Takes a container out of all its networks. What goes wrong is reported: the other networks must be left too. */
export async function leaveNetworks(daemon: Daemon, container: Container): Promise<void> {
  clearNetworking(container);
  daemon.networking.nameServers.stop(container.id);
  for (const endpoint of endpointsOf(daemon, container)) {
    try {
      await leaveNetwork(daemon, endpoint);
    } catch (error) {
      daemon.log(
        "error",
        `container ${container.id} failed to leave network ${endpoint.network.name}: ${messageOf(error)}`,
      );
    }
    publishNetworkEvent(daemon, endpoint.network, "disconnect", { container: container.id });
  }
}
