import type { NetworkCreateRequest } from "../api/network.ts";
import { EngineError } from "../base/errors.ts";
import { parseBoolean } from "../base/numbers.ts";
import { isPredefined } from "../network/network.ts";
import type { Daemon } from "./daemon.ts";
import { publishNetworkEvent } from "./network-events.ts";

const ENABLE_IPV4 = "com.docker.network.enable_ipv4";
const ENABLE_IPV6 = "com.docker.network.enable_ipv6";

/** A switch that a field of the request sets, or else a driver option, which is then no option any more. */
function familySwitch(
  options: Record<string, string>,
  name: string,
  asked: boolean | null | undefined,
  fallback: boolean,
): boolean {
  const { [name]: option } = options;
  if (asked !== undefined && asked !== null) {
    delete options[name];
    return asked;
  }
  if (option === undefined) return fallback;
  try {
    return parseBoolean(option);
  } catch (error) {
    throw new EngineError("invalid", `driver-opt ${JSON.stringify(name)} is not a valid bool`, {
      cause: error,
    });
  }
}

/** Makes a network; returns its id. */
export async function createNetwork(daemon: Daemon, request: NetworkCreateRequest): Promise<string> {
  const { Name: name = "", Driver: driver = "", IPAM: ipam } = request;
  if (isPredefined(name))
    throw new EngineError("forbidden", `operation is not permitted on predefined ${name} network `);
  if (request.ConfigOnly || request.ConfigFrom?.Network)
    throw new EngineError("not-implemented", "configuration-only networks are not supported");
  const options = { ...request.Options };
  const network = await daemon.networking.manager.create({
    name,
    driver,
    enableIPv4: familySwitch(options, ENABLE_IPV4, request.EnableIPv4, true),
    enableIPv6: familySwitch(options, ENABLE_IPV6, request.EnableIPv6, false),
    internal: request.Internal ?? false,
    attachable: request.Attachable ?? false,
    ipam: { driver: ipam?.Driver ?? "", options: ipam?.Options ?? null, config: ipam?.Config ?? [] },
    options,
    labels: request.Labels ?? {},
  });
  publishNetworkEvent(daemon, network, "create");
  return network.id;
}
