import type { NetworkInspect } from "../api/network.ts";
import { EngineError } from "../base/errors.ts";
import { type Filters, hasLabel } from "../base/filters.ts";
import { isPredefined, type Network } from "../network/network.ts";
import type { Daemon } from "./daemon.ts";
import { networkView } from "./network-view.ts";

const KEYS = ["dangling", "driver", "id", "label", "name", "scope", "type"];

function matchesText(value: string, pattern: string): boolean {
  if (value === pattern) return true;
  try {
    return new RegExp(pattern).test(value);
  } catch {
    return false;
  }
}

function isOfType(network: Network, type: string): boolean {
  if (type === "builtin") return isPredefined(network.name);
  if (type === "custom") return !isPredefined(network.name);
  throw new EngineError("invalid", `invalid filter: 'type'='${type}'`);
}

function danglingOnly(filters: Filters): boolean | undefined {
  const values = filters.get("dangling");
  if (values.length > 1)
    throw new EngineError("invalid", 'got more than one value for filter key "dangling"');
  const [value] = values;
  if (value === undefined) return undefined;
  if (["1", "true"].includes(value)) return true;
  if (["0", "false"].includes(value)) return false;
  throw new EngineError(
    "invalid",
    `invalid value for filter 'dangling', must be "true" (or "1"), or "false" (or "0")`,
  );
}

/** Networks as `docker network ls` lists them: without their containers. */
export function listNetworks(daemon: Daemon, filters: Filters): NetworkInspect[] {
  filters.checkKeys(KEYS);
  const { manager, endpoints } = daemon.networking;
  const dangling = danglingOnly(filters);
  const isDangling = (network: Network): boolean =>
    !isPredefined(network.name) && endpoints.of(network).length === 0;
  const isWanted = (network: Network): boolean =>
    filters.some("driver", driver => driver === network.driver) &&
    filters.some("name", wanted => matchesText(network.name, wanted)) &&
    filters.some("id", wanted => matchesText(network.id, wanted)) &&
    filters.every("label", wanted => hasLabel(network.labels, wanted)) &&
    filters.some("scope", scope => scope === "local") &&
    filters.some("type", type => isOfType(network, type)) &&
    (dangling === undefined || dangling === isDangling(network));
  return manager.index
    .all()
    .filter(isWanted)
    .map(network => networkView(daemon, network, false));
}

/** One network with its containers. */
export function inspectNetwork(daemon: Daemon, name: string): NetworkInspect {
  return networkView(daemon, daemon.networking.manager.index.find(name), true);
}
