import { EngineError } from "../base/errors.ts";
import {
  formatIpPrefix,
  type IpPrefix,
  maskedPrefix,
  parseIpAddress,
  parseIpPrefix,
  prefixContains,
  prefixesOverlap,
} from "../base/ip-prefix.ts";
import type { IpamConfig } from "./network.ts";

/** Several complaints as one text, each on a line of its own as Docker lists them. */
export function joinComplaints(complaints: readonly string[]): string {
  const [only = ""] = complaints;
  if (complaints.length === 1) return only.trim();
  return `* ${complaints.map(text => text.replaceAll("\n", "\n\t")).join("\n* ")}`;
}

function familyName(prefix: IpPrefix): string {
  return `IPv${prefix.address.family}`;
}

function rangeComplaints(text: string, subnet: IpPrefix): string[] {
  if (text === "") return [];
  const range = parseIpPrefix(text);
  if (!range) return [`invalid ip-range ${text}: invalid CIDR block notation`];
  if (range.address.family !== subnet.address.family)
    return [`invalid ip-range ${text}: parent subnet is an ${familyName(subnet)} block`];
  const complaints: string[] = [];
  const parent = formatIpPrefix(subnet);
  if (range.bits < subnet.bits)
    complaints.push(`invalid ip-range ${text}: CIDR block is bigger than its parent subnet ${parent}`);
  const masked = formatIpPrefix(maskedPrefix(range));
  if (formatIpPrefix(range) !== masked)
    complaints.push(`invalid ip-range ${formatIpPrefix(range)}: it should be ${masked}`);
  if (!prefixesOverlap(subnet, range))
    complaints.push(`invalid ip-range ${text}: parent subnet ${parent} doesn't contain ip-range`);
  return complaints;
}

/** What is wrong with an address of a subnet; empty where nothing is. */
function addressComplaint(text: string, subnet: IpPrefix): string {
  if (text === "") return "";
  const address = parseIpAddress(text);
  if (!address) return "invalid address";
  if (address.family !== subnet.address.family) return `parent subnet is an ${familyName(subnet)} block`;
  return prefixContains(subnet, address)
    ? ""
    : `parent subnet ${formatIpPrefix(subnet)} doesn't contain this address`;
}

function complaintsOf(config: IpamConfig, enableIPv6: boolean): string[] {
  const subnet = parseIpPrefix(config.Subnet ?? "");
  if (!subnet) return [`invalid subnet ${config.Subnet ?? ""}: invalid CIDR block notation`];
  if (subnet.address.family === 6 && !enableIPv6) return [];
  const complaints: string[] = [];
  const masked = formatIpPrefix(maskedPrefix(subnet));
  if (formatIpPrefix(subnet) !== masked)
    complaints.push(`invalid subnet ${formatIpPrefix(subnet)}: it should be ${masked}`);
  complaints.push(...rangeComplaints(config.IPRange ?? "", subnet));
  const gateway = addressComplaint(config.Gateway ?? "", subnet);
  if (gateway) complaints.push(`invalid gateway ${config.Gateway}: ${gateway}`);
  for (const [name, address] of Object.entries(config.AuxiliaryAddresses ?? {})) {
    const complaint = addressComplaint(address, subnet);
    if (complaint) complaints.push(`invalid auxiliary address ${name}: ${complaint}`);
  }
  return complaints;
}

/** Throws "invalid", with all complaints at once, where the subnets that a client asks for make no sense. */
export function checkIpam(configs: readonly IpamConfig[], enableIPv6: boolean): void {
  const complaints = configs.flatMap(config => complaintsOf(config, enableIPv6));
  if (complaints.length > 0)
    throw new EngineError("invalid", `invalid network config:\n${joinComplaints(complaints)}`);
}

/** The configured subnet of a family; an empty configuration where there is none. */
export function configOf(configs: readonly IpamConfig[], family: 4 | 6): IpamConfig[] {
  return configs.filter(({ Subnet = "" }) => parseIpPrefix(Subnet)?.address.family === family);
}
