import { EngineError, messageOf } from "../base/errors.ts";
import { parseIpAddress } from "../base/ip-prefix.ts";
import { parseBoolean, parseInteger } from "../base/numbers.ts";

/** How a bridge network lets packets out and in (driver option `gateway_mode_ipv4` and `_ipv6`). */
export type GatewayMode = "nat" | "nat-unprotected" | "routed" | "isolated";

/** The options of the bridge driver that we act on; the others are kept and shown only. */
export interface BridgeOptions {
  /** Of the interface: "docker0", "br-0123456789ab". */
  readonly name: string;
  /** Whether it is the default network, whose bridge outlives it. */
  readonly isDefault: boolean;
  /** Bytes; 0 leaves it to the kernel. */
  readonly mtu: number;
  /** Whether its containers may talk to each other. */
  readonly icc: boolean;
  readonly masquerade: boolean;
  /** Where ports are published unless their mapping says so itself. */
  readonly bindingAddress: string;
  /** Of the interfaces in containers: "eth". */
  readonly interfacePrefix: string;
  /** The source address of what leaves; null for that of the route. */
  readonly hostIPv4: string | null;
  readonly hostIPv6: string | null;
  readonly modeIPv4: GatewayMode;
  readonly modeIPv6: GatewayMode;
  /** Leaves the bridge without an IPv4 address. */
  readonly inhibitIPv4: boolean;
}

/** Names of driver options. */
export const BridgeLabel = {
  name: "com.docker.network.bridge.name",
  isDefault: "com.docker.network.bridge.default_bridge",
  mtu: "com.docker.network.driver.mtu",
  icc: "com.docker.network.bridge.enable_icc",
  masquerade: "com.docker.network.bridge.enable_ip_masquerade",
  bindingAddress: "com.docker.network.bridge.host_binding_ipv4",
  interfacePrefix: "com.docker.network.container_iface_prefix",
  hostIPv4: "com.docker.network.host_ipv4",
  hostIPv6: "com.docker.network.host_ipv6",
  modeIPv4: "com.docker.network.bridge.gateway_mode_ipv4",
  modeIPv6: "com.docker.network.bridge.gateway_mode_ipv6",
  inhibitIPv4: "com.docker.network.bridge.inhibit_ipv4",
} as const;

const MAX_NAME = 15; // bytes of an interface's name (IFNAMSIZ)

function parsed<T>(label: string, value: string, parse: (text: string) => T): T {
  try {
    return parse(value);
  } catch (error) {
    const text = `failed to parse ${label} value: ${value} (${messageOf(error)})`;
    throw new EngineError("invalid", text, { cause: error });
  }
}

function address(text: string): string {
  if (parseIpAddress(text) === undefined) throw new EngineError("invalid", "nil ip");
  return text;
}

function gatewayMode(text: string): GatewayMode {
  if (text === "nat" || text === "nat-unprotected" || text === "routed" || text === "isolated") return text;
  throw new EngineError("invalid", `unknown gateway mode ${text}`);
}

function asText(text: string): string {
  return text;
}

/** Go's strconv.Atoi, whose complaints carry its name. */
function atoi(text: string): number {
  if (/^[+-]?\d+$/.test(text)) return parseInteger(text);
  throw new EngineError("invalid", `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
}

/** Reads a bridge network's driver options. Throws "invalid" in Docker's words. */
export function parseBridgeOptions(
  networkId: string,
  options: Readonly<Record<string, string>>,
  internal: boolean,
): BridgeOptions {
  const read = <T>(key: keyof typeof BridgeLabel, fallback: T, parse: (text: string) => T): T => {
    const value = options[BridgeLabel[key]];
    return value === undefined ? fallback : parsed(BridgeLabel[key], value, parse);
  };
  const result: BridgeOptions = {
    name: read("name", "", asText) || `br-${networkId.slice(0, 12)}`,
    isDefault: read("isDefault", false, parseBoolean),
    mtu: read("mtu", 0, atoi),
    icc: read("icc", true, parseBoolean),
    masquerade: read("masquerade", true, parseBoolean),
    bindingAddress: read("bindingAddress", "0.0.0.0", address),
    interfacePrefix: read("interfacePrefix", "", asText) || "eth",
    hostIPv4: read<string | null>("hostIPv4", null, address),
    hostIPv6: read<string | null>("hostIPv6", null, address),
    modeIPv4: read<GatewayMode>("modeIPv4", "nat", gatewayMode),
    modeIPv6: read<GatewayMode>("modeIPv6", "nat", gatewayMode),
    inhibitIPv4: read("inhibitIPv4", false, parseBoolean),
  };
  if (result.mtu < 0) throw new EngineError("invalid", `invalid MTU number: ${result.mtu}`);
  if (result.name.length > MAX_NAME || /[\s/:]/.test(result.name))
    throw new EngineError("invalid", `invalid bridge name: ${result.name}`);
  if ((result.modeIPv4 === "isolated" || result.modeIPv6 === "isolated") && !internal)
    throw new EngineError("system", "gateway mode 'isolated' can only be used for an internal network");
  return result;
}
