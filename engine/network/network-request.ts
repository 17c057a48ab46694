import { EngineError } from "../base/errors.ts";
import { parseIpPrefix } from "../base/ip-prefix.ts";
import { type BridgeOptions, parseBridgeOptions } from "./bridge-options.ts";
import { checkIpam, configOf } from "./ipam-checks.ts";
import { type IpamConfig, type Network, type NetworkDriver, networkDrivers } from "./network.ts";
import type { NetworkIndex } from "./network-index.ts";

/** What a network is to be. */
export interface NetworkRequest {
  readonly name: string;
  /** Empty for a bridge. */
  readonly driver: string;
  readonly enableIPv4: boolean;
  readonly enableIPv6: boolean;
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly ipam: {
    /** Empty for the default one. */
    readonly driver: string;
    readonly options: Readonly<Record<string, string>> | null;
    readonly config: readonly IpamConfig[];
  };
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

const OVERLAY =
  'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to ' +
  "swarm and try again.";

function driverOf(name: string): NetworkDriver {
  const driver = networkDrivers.find(known => known === (name || "bridge"));
  if (driver) return driver;
  if (name === "overlay") throw new EngineError("forbidden", OVERLAY);
  throw new EngineError("not-found", `plugin ${JSON.stringify(name)} not found`);
}

/** Throws "invalid" or "forbidden", in Docker's words, where a network could not be what is asked for. */
export function checkRequest(request: NetworkRequest, index: NetworkIndex): NetworkDriver {
  const { name, ipam, enableIPv4, enableIPv6 } = request;
  const driver = driverOf(request.driver);
  checkIpam(ipam.config, enableIPv6);
  if (name.trim() === "") throw new EngineError("invalid", "invalid name: name is empty");
  index.checkFree(name);
  if (ipam.driver !== "" && ipam.driver !== "default" && ipam.driver !== "null")
    throw new EngineError("invalid", `invalid ipam driver: ${JSON.stringify(ipam.driver)}`);
  if (driver !== "bridge") {
    if (index.all().some(network => network.driver === driver))
      throw new EngineError("forbidden", `only one instance of "${driver}" network is allowed`);
    return driver;
  }
  if (!enableIPv4 && !enableIPv6) throw new EngineError("invalid", "IPv4 or IPv6 must be enabled");
  for (const family of [4, 6] as const)
    if (configOf(ipam.config, family).length > 1)
      throw new EngineError("forbidden", "bridge driver doesn't support multiple subnets");
  return driver;
}

/** The configuration of a family's subnet; an empty one where the client names none. */
export function subnetConfig(configs: readonly IpamConfig[], family: 4 | 6): IpamConfig {
  const isOfFamily = ({ Subnet = "" }: IpamConfig): boolean =>
    parseIpPrefix(Subnet)?.address.family === family;
  return configs.find(isOfFamily) ?? {};
}

/** A bridge network's options. Throws where another network has the bridge. */
export function bridgeOptions(
  id: string,
  request: NetworkRequest,
  networks: readonly Network[],
): BridgeOptions {
  const bridge = parseBridgeOptions(id, request.options, request.internal);
  const other = networks.find(network => network.bridge?.name === bridge.name);
  if (!other) return bridge;
  throw new EngineError(
    "forbidden",
    `cannot create network ${id} (${bridge.name}): conflicts with network ${other.id} (${bridge.name}): ` +
      "networks have same bridge name",
  );
}
