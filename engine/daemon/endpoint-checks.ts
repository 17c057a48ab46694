import { EngineError } from "../base/errors.ts";
import { isUnspecified, parseIpAddress, parseIpPrefix, prefixContains } from "../base/ip-prefix.ts";
import type { EndpointIpamConfig, EndpointView } from "../container/networking.ts";
import { joinComplaints } from "../network/ipam-checks.ts";
import { isUserDefined, type Network } from "../network/network.ts";

const MAC = /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i;
const PREDEFINED_ADDRESS = "user specified IP address is supported on user defined networks only";
const PREDEFINED_ALIAS = "network-scoped alias is supported only for containers in user defined networks";
const NO_SUBNET =
  "user specified IP address is supported only when connecting to networks with user configured subnets";

function addressComplaints(config: EndpointIpamConfig): string[] {
  const complaints: string[] = [];
  const { IPv4Address = "", IPv6Address = "", LinkLocalIPs = [] } = config;
  for (const [family, text] of [
    [4, IPv4Address],
    [6, IPv6Address],
  ] as const) {
    const address = parseIpAddress(text);
    if (text !== "" && (address?.family !== family || isUnspecified(address)))
      complaints.push(`invalid IPv${family} address: ${text}`);
  }
  for (const text of LinkLocalIPs ?? [])
    if (!parseIpAddress(text)) complaints.push(`invalid link-local IP address: ${text}`);
  return complaints;
}

/** Whether a network has subnets that a user chose, and whether one of them has the address. */
function rangeComplaint(network: Network, family: 4 | 6, text: string): string[] {
  const address = parseIpAddress(text);
  if (!address || address.family !== family) return [];
  const subnets = network.ipam.config
    .map(({ Subnet = "" }) => parseIpPrefix(Subnet))
    .filter(prefix => prefix?.address.family === family);
  if (subnets.length === 0) return [NO_SUBNET];
  const fits = subnets.some(prefix => prefix && prefixContains(prefix, address));
  return fits ? [] : [`no configured subnet or ip-range contain the IP address ${text}`];
}

/** All that is wrong with what a client asks of an endpoint. A network that does not exist yet can't be asked. */
function complaintsOf(network: Network | undefined, name: string, asked: Partial<EndpointView>): string[] {
  const config = asked.IPAMConfig ?? {};
  const { IPv4Address = "", IPv6Address = "" } = config;
  const complaints: string[] = [];
  if (!isUserDefined(name)) {
    if (IPv4Address || IPv6Address) complaints.push(PREDEFINED_ADDRESS);
    if (asked.Aliases?.length) complaints.push(PREDEFINED_ALIAS);
  }
  complaints.push(...addressComplaints(config));
  if (network)
    complaints.push(...rangeComplaint(network, 4, IPv4Address), ...rangeComplaint(network, 6, IPv6Address));
  return complaints;
}

/** What is wrong with an endpoint as one text; empty where nothing is. */
function complaintText(network: Network | undefined, name: string, asked: Partial<EndpointView>): string {
  if (asked.MacAddress && !MAC.test(asked.MacAddress)) return `invalid MAC address ${asked.MacAddress}`;
  const complaints = complaintsOf(network, name, asked);
  return complaints.length === 0 ? "" : `invalid endpoint settings:\n${joinComplaints(complaints)}`;
}

/** Throws "invalid", in Docker's words, where an endpoint could not be what is asked for. */
export function checkEndpoint(network: Network, asked: Partial<EndpointView>): void {
  const text = complaintText(network, network.name, asked);
  if (text !== "") throw new EngineError("invalid", text);
}

/** The same for all that a container is to be connected to; `find` knows the networks that exist. */
export function checkEndpoints(
  asked: Readonly<Record<string, Partial<EndpointView> | null>>,
  find: (name: string) => Network | undefined,
): void {
  const complaints: string[] = [];
  for (const [name, endpoint] of Object.entries(asked)) {
    const text = endpoint ? complaintText(find(name), name, endpoint) : "EndpointsConfig is nil";
    if (text !== "") complaints.push(`invalid config for network ${name}: ${text}`);
  }
  if (complaints.length > 0) throw new EngineError("invalid", joinComplaints(complaints));
}
