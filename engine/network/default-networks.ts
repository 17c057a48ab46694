import { EngineError } from "../base/errors.ts";
import { formatIpAddress, formatIpPrefix, maskedPrefix, parseIpPrefix } from "../base/ip-prefix.ts";
import { BridgeLabel } from "./bridge-options.ts";
import type { IpamConfig, Network } from "./network.ts";
import type { NetworkManager } from "./network-manager.ts";
import type { NetworkRequest } from "./network-request.ts";
import type { NetworkSettings } from "./network-settings.ts";

const BRIDGE = "docker0";

function plain(name: string, driver: string): NetworkRequest {
  return {
    name,
    driver,
    enableIPv4: true,
    enableIPv6: false,
    internal: false,
    attachable: false,
    ipam: { driver: "default", options: null, config: [] },
    options: {},
    labels: {},
  };
}

/** The subnet of `--bip`: the bridge's address with its prefix. */
function bridgeSubnet(bip: string): IpamConfig {
  const prefix = parseIpPrefix(bip);
  if (!prefix) throw new EngineError("invalid", `invalid CIDR address: ${bip}`);
  return { Subnet: formatIpPrefix(maskedPrefix(prefix)), Gateway: formatIpAddress(prefix.address) };
}

function bridgeRequest(settings: NetworkSettings): NetworkRequest {
  const options = {
    [BridgeLabel.isDefault]: "true",
    [BridgeLabel.icc]: `${settings.icc}`,
    [BridgeLabel.masquerade]: `${settings.ipMasq}`,
    [BridgeLabel.bindingAddress]: settings.ip,
    [BridgeLabel.name]: settings.bridge || BRIDGE,
    [BridgeLabel.mtu]: `${settings.mtu}`,
  };
  const config = settings.bip === "" ? [] : [bridgeSubnet(settings.bip)];
  return { ...plain("bridge", "bridge"), ipam: { driver: "default", options: null, config }, options };
}

function isAsAsked(network: Network, request: NetworkRequest): boolean {
  const [config] = request.ipam.config;
  return (
    JSON.stringify(network.options) === JSON.stringify(request.options) &&
    (config === undefined ||
      (network.ipv4?.subnet === config.Subnet && network.ipv4?.gateway === config.Gateway))
  );
}

/**
 * Sees to it that the networks exist that every daemon has, and that the default bridge is what the settings say.
 * While containers run in it, it stays as it is.
 */
export async function ensureDefaultNetworks(
  manager: NetworkManager,
  settings: NetworkSettings,
  isUsed: (network: Network) => boolean,
): Promise<void> {
  for (const [name, driver] of [
    ["none", "null"],
    ["host", "host"],
  ] as const)
    if (!manager.index.byName(name)) await manager.create(plain(name, driver));
  const present = manager.index.byName("bridge");
  if (settings.bridge === "none") {
    if (present && !isUsed(present)) manager.discard(present);
    return;
  }
  const request = bridgeRequest(settings);
  if (present && (isUsed(present) || isAsAsked(present, request))) return;
  if (present) manager.discard(present);
  await manager.create(request);
}
