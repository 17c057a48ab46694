import { parseIpAddress } from "../base/ip-prefix.ts";
import type { PortRange } from "./port-allocator.ts";

/** A port that a container wants to have published. */
export interface PortRequest {
  readonly protocol: string;
  /** The container's. */
  readonly port: number;
  /** An address of the host; empty for all. */
  readonly hostAddress: string;
  /** null for any port. */
  readonly hostPorts: PortRange | null;
}

/** One address of the host that a port is to be published at, and the container's that it leads to. */
export interface PortTarget {
  readonly hostAddress: string;
  readonly containerAddress: string;
}

/** Requests that must get the same port of the host. */
export interface PortGroup extends Omit<PortRequest, "hostAddress"> {
  readonly targets: readonly PortTarget[];
}

/** Whose port is published, and how the host deals with requests that name no address. */
export interface PublishingContext {
  readonly ipv4: string | null;
  readonly ipv6: string | null;
  /** The address for requests without one; 0.0.0.0 means IPv6 as well. */
  readonly defaultAddress: string;
  readonly hostHasIPv6: boolean;
  /** Whether docker-proxy can carry IPv6 to a container that only has IPv4. */
  readonly proxy: boolean;
}

const protocols = ["tcp", "udp", "sctp"];

/** Docker's order: certain ports before ranges, low ports of containers first, and tcp before udp. */
function compareRequests(a: PortRequest, b: PortRequest): number {
  const isRange = ({ hostPorts }: PortRequest): number =>
    hostPorts?.first === hostPorts?.last && hostPorts ? 0 : 1;
  return (
    isRange(a) - isRange(b) ||
    a.port - b.port ||
    protocols.indexOf(a.protocol) - protocols.indexOf(b.protocol) ||
    (a.hostPorts?.first ?? 0) - (b.hostPorts?.first ?? 0) ||
    (a.hostPorts?.last ?? 0) - (b.hostPorts?.last ?? 0) ||
    compareAddresses(a.hostAddress, b.hostAddress)
  );
}

function compareAddresses(a: string, b: string): number {
  const left = parseIpAddress(a);
  const right = parseIpAddress(b);
  if (!left || !right) return left ? 1 : right ? -1 : 0;
  const difference = left.family - right.family || left.value - right.value;
  return difference < 0 ? -1 : difference > 0 ? 1 : 0;
}

function needSamePort(a: PortRequest, b: PortRequest): boolean {
  return (
    a.port === b.port &&
    a.protocol === b.protocol &&
    a.hostPorts?.first === b.hostPorts?.first &&
    a.hostPorts?.last === b.hostPorts?.last
  );
}

/** Where a request is published: none, one or both of the families. */
function targetsOf({ hostAddress }: PortRequest, context: PublishingContext): PortTarget[] {
  const { ipv4, ipv6, defaultAddress, hostHasIPv6, proxy } = context;
  const behindIPv6 = ipv6 ?? (proxy ? ipv4 : null);
  const wanted = hostAddress || defaultAddress;
  const targets: PortTarget[] = [];
  if (ipv4 && !wanted.includes(":")) targets.push({ hostAddress: wanted, containerAddress: ipv4 });
  if (!behindIPv6) return targets;
  if (wanted.includes(":")) targets.push({ hostAddress: wanted, containerAddress: behindIPv6 });
  else if (hostAddress === "" && defaultAddress === "0.0.0.0" && hostHasIPv6)
    targets.push({ hostAddress: "::", containerAddress: behindIPv6 });
  return targets;
}

/** What is to be published, in the order in which ports are given out. */
export function groupRequests(requests: readonly PortRequest[], context: PublishingContext): PortGroup[] {
  const groups: { request: PortRequest; targets: PortTarget[] }[] = [];
  for (const request of requests.toSorted(compareRequests)) {
    const last = groups.at(-1);
    const targets = targetsOf(request, context);
    if (last && needSamePort(last.request, request)) last.targets.push(...targets);
    else groups.push({ request, targets });
  }
  return groups
    .filter(({ targets }) => targets.length > 0)
    .map(({ request: { protocol, port, hostPorts }, targets }) => ({ protocol, port, hostPorts, targets }));
}
