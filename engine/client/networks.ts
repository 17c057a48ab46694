/** The Engine API's routes below /networks. */
import type {
  EndpointRequest,
  NetworkCreateRequest,
  NetworkInspect,
  NetworkPruneReport,
} from "../api/network.ts";
import type { FilterValues } from "./containers.ts";
import type { EngineClient } from "./engine-client.ts";
import { encodeFilters } from "./query.ts";

function pathOf(network: string, action = ""): string {
  return `/networks/${encodeURIComponent(network)}${action}`;
}

export function listNetworks(client: EngineClient, filters?: FilterValues): Promise<NetworkInspect[]> {
  return client.json({
    method: "GET",
    path: "/networks",
    query: { filters: filters && encodeFilters(filters) },
  });
}

/** As JSON text, for those who show it as it is. */
export function inspectNetworkText(client: EngineClient, network: string, verbose = false): Promise<string> {
  return client.text({ method: "GET", path: pathOf(network), query: { verbose } });
}

export function createNetwork(client: EngineClient, body: NetworkCreateRequest): Promise<{ Id: string }> {
  return client.json({ method: "POST", path: "/networks/create", body });
}

export function removeNetwork(client: EngineClient, network: string): Promise<void> {
  return client.send({ method: "DELETE", path: pathOf(network) });
}

export function connectNetwork(
  client: EngineClient,
  network: string,
  container: string,
  endpoint: EndpointRequest,
): Promise<void> {
  const body = { Container: container, EndpointConfig: endpoint };
  return client.send({ method: "POST", path: pathOf(network, "/connect"), body });
}

export function disconnectNetwork(
  client: EngineClient,
  network: string,
  container: string,
  force: boolean,
): Promise<void> {
  const body = { Container: container, Force: force };
  return client.send({ method: "POST", path: pathOf(network, "/disconnect"), body });
}

export function pruneNetworks(client: EngineClient, filters: FilterValues): Promise<NetworkPruneReport> {
  return client.json({ method: "POST", path: "/networks/prune", query: { filters: encodeFilters(filters) } });
}
