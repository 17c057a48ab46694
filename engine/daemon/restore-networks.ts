import { messageOf } from "../base/errors.ts";
import type { Container } from "../container/container.ts";
import { ensureDefaultNetworks } from "../network/default-networks.ts";
import { type Endpoint, gatewayEndpoint, hostInterface } from "../network/endpoints.ts";
import type { OwnedRules } from "../network/firewall.ts";
import { endpointRules } from "../network/rules.ts";
import { mappingsFrom } from "./container-ports.ts";
import { serveNames } from "./container-names.ts";
import type { Daemon } from "./daemon.ts";
import { findNetwork } from "./join-networks.ts";

const FORWARDING = "/proc/sys/net/ipv4/ip_forward";

/** Takes up the networks that an earlier daemon has made; comes before their containers. */
export function restoreNetworks(daemon: Daemon): void {
  const { manager, firewall } = daemon.networking;
  firewall.adopt(manager.restore(problem => daemon.log("error", problem)));
}

/** Takes up the endpoints and ports of a container that goes on running. */
export function adoptEndpoints(daemon: Daemon, container: Container): void {
  const { endpoints, ports, firewall } = daemon.networking;
  const { networks, ports: published } = container.networking;
  const members: { endpoint: Endpoint; priority: number }[] = [];
  const rules: OwnedRules[] = [];
  for (const [name, settings] of Object.entries(networks)) {
    if (settings.EndpointID === "") continue;
    const endpoint: Endpoint = {
      id: settings.EndpointID,
      network: findNetwork(daemon, name, settings),
      containerId: container.id,
      name: container.name,
      mac: settings.MacAddress,
      ipv4: settings.IPAddress || null,
      ipv6: settings.GlobalIPv6Address || null,
    };
    endpoints.adopt(endpoint);
    members.push({ endpoint, priority: settings.GwPriority });
    const addresses = [endpoint.ipv4, endpoint.ipv6].filter(address => address !== null);
    rules.push([endpoint.id, endpointRules(endpoint.network, addresses)]);
  }
  const gateway = gatewayEndpoint(members)?.endpoint;
  if (gateway) rules.push(ports.adopt(gateway, mappingsFrom(published, gateway)));
  firewall.adopt(rules);
  serveNames(daemon, container);
}

/** Turns on forwarding. True where it was off: then what no rule accepts must not be forwarded from now on. */
function enableForwarding(daemon: Daemon): boolean {
  const { files } = daemon.sys;
  if (!daemon.networking.settings.ipForward || !files.exists(FORWARDING)) return false;
  if (files.readText(FORWARDING).trim() === "1") return false;
  files.write(FORWARDING, "1\n");
  return true;
}

/**
 * Brings the kernel in line with what was taken up, once all containers are known: what belongs to nothing goes, rules
 * are as they should be, ports are served, and the networks that every daemon has are there.
 */
export async function settleNetworks(daemon: Daemon): Promise<void> {
  const { manager, endpoints, firewall, bridges, ports, settings } = daemon.networking;
  const report = (problem: string): void => daemon.log("error", problem);
  const names = manager.index.all().flatMap(({ bridge }) => bridge?.name ?? []);
  bridges.removeStrays(new Set(names), new Set(endpoints.all().map(({ id }) => hostInterface(id))));
  try {
    await firewall.start(enableForwarding(daemon));
  } catch (error) {
    report(`failed to write packet filter rules: ${messageOf(error)}`);
  }
  await ports.resume(report);
  try {
    await ensureDefaultNetworks(manager, settings, network => endpoints.of(network).length > 0);
  } catch (error) {
    report(`failed to set up the default networks: ${messageOf(error)}`);
  }
}
