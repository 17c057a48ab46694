/** Turns the flags of `docker network create` about addresses into what the API takes. */
import type { IpamConfigView } from "../../api/network.ts";
import { EngineError } from "../../base/errors.ts";
import { type IpPrefix, parseIpAddress, parseIpPrefix, prefixContains } from "../../base/ip-prefix.ts";

/** What was said of a network's addresses. */
export interface AddressFlags {
  readonly subnets: readonly string[];
  readonly ranges: readonly string[];
  readonly gateways: readonly string[];
  readonly auxiliary: ReadonlyMap<string, string>;
}

interface SubnetDraft {
  readonly Subnet: string;
  IPRange?: string;
  Gateway?: string;
  readonly AuxiliaryAddresses: Record<string, string>;
}

function refuse(message: string): never {
  throw new EngineError("invalid", message);
}

function prefixOf(text: string, what = ""): IpPrefix {
  return parseIpPrefix(text) ?? refuse(`${what}invalid CIDR address: ${text}`);
}

/** Whether an address, or the first one of a range, is in a subnet. */
function isIn(subnet: string, text: string): boolean {
  const prefix = prefixOf(subnet, "invalid subnet: ");
  const address = text.includes("/") ? prefixOf(text).address : parseIpAddress(text);
  return address !== undefined && prefixContains(prefix, address);
}

/** The subnets that one thing belongs to. */
function subnetsWith(drafts: readonly SubnetDraft[], text: string, what: string): SubnetDraft[] {
  const found = drafts.filter(({ Subnet }) => isIn(Subnet, text));
  return found.length > 0 ? found : refuse(`no matching subnet for ${what} ${text}`);
}

function draftsOf(subnets: readonly string[]): SubnetDraft[] {
  const drafts: SubnetDraft[] = [];
  for (const subnet of subnets) {
    const overlaps = drafts.some(({ Subnet }) => isIn(subnet, Subnet) || isIn(Subnet, subnet));
    if (overlaps) refuse("multiple overlapping subnet configuration is not supported");
    drafts.push({ Subnet: subnet, AuxiliaryAddresses: {} });
  }
  return drafts;
}

/** Throws "invalid", in Docker's words, where the flags do not go together. */
export function ipamConfig({ subnets, ranges, gateways, auxiliary }: AddressFlags): IpamConfigView[] {
  if (subnets.length < ranges.length || subnets.length < gateways.length)
    refuse("every ip-range or gateway must have a corresponding subnet");
  const drafts = draftsOf(subnets);
  for (const range of ranges) {
    prefixOf(range);
    for (const draft of subnetsWith(drafts, range, "range")) {
      const { Subnet, IPRange } = draft;
      if (IPRange)
        refuse(`cannot configure multiple ranges (${range}, ${IPRange}) on the same subnet (${Subnet})`);
      draft.IPRange = range;
    }
  }
  for (const gateway of gateways)
    for (const draft of subnetsWith(drafts, gateway, "gateway")) {
      const { Subnet, Gateway } = draft;
      if (Gateway)
        refuse(`cannot configure multiple gateways (${gateway}, ${Gateway}) for the same subnet (${Subnet})`);
      draft.Gateway = gateway;
    }
  for (const [name, address] of auxiliary)
    for (const draft of subnetsWith(drafts, address, "aux-address")) draft.AuxiliaryAddresses[name] = address;
  return drafts;
}
