/** Arithmetic on IP addresses and prefixes, with the textual forms of Go's `net/netip`. */
import { isIpv4, isIpv6 } from "./ip-address.ts";

/** An IPv4 or IPv6 address as a number. */
export interface IpAddress {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** An address and how many of its leading bits name a network: `172.17.0.1/16`. */
export interface IpPrefix {
  readonly address: IpAddress;
  readonly bits: number;
}

const GROUPS = 8;
const GROUP_BITS = 16n;
const prefixSyntax = /^([^/]+)\/(0|[1-9]\d{0,2})$/;

/** Bits of an address. */
export function addressBits(family: 4 | 6): number {
  return family === 4 ? 32 : 128;
}

/** An address from text; undefined where it is none. */
export function parseIpAddress(text: string): IpAddress | undefined {
  if (isIpv4(text)) return { family: 4, value: ipv4Value(text) };
  if (text.includes(":") && isIpv6(text)) return { family: 6, value: ipv6Value(text) };
  return undefined;
}

function ipv4Value(text: string): bigint {
  const [a = 0, b = 0, c = 0, d = 0] = text.split(".").map(Number);
  return BigInt(((a << 24) | (b << 16) | (c << 8) | d) >>> 0);
}

/** The 16-bit groups of a part between double colons; a final IPv4 address makes two. */
function groupsOf(part: string): number[] {
  if (part === "") return [];
  return part.split(":").flatMap(group => {
    if (!group.includes(".")) return [Number.parseInt(group, 16)];
    const value = Number(ipv4Value(group));
    return [value >>> 16, value & 0xffff];
  });
}

function ipv6Value(text: string): bigint {
  const [head = "", tail] = text.split("::");
  const first = groupsOf(head);
  const last = tail === undefined ? [] : groupsOf(tail);
  const zeros = Array.from({ length: GROUPS - first.length - last.length }, () => 0);
  return [...first, ...zeros, ...last].reduce((value, group) => (value << GROUP_BITS) | BigInt(group), 0n);
}

/** An address as text; IPv6 in its shortest form (RFC 5952). */
export function formatIpAddress({ family, value }: IpAddress): string {
  if (family === 4) {
    const word = Number(value);
    return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
  }
  const groups = Array.from({ length: GROUPS }, (_, index) =>
    Number((value >> (GROUP_BITS * BigInt(GROUPS - 1 - index))) & 0xffffn).toString(16),
  );
  const { start, length } = longestZeros(groups);
  if (length < 2) return groups.join(":");
  return `${groups.slice(0, start).join(":")}::${groups.slice(start + length).join(":")}`;
}

/** The first of the longest runs of zero groups. */
function longestZeros(groups: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (let index = 0; index <= groups.length; index++) {
    if (groups[index] === "0") continue;
    if (index - start > best.length) best = { start, length: index - start };
    start = index + 1;
  }
  return best;
}

/** `address/bits`, host bits as they are; undefined where it is none. */
export function parseIpPrefix(text: string): IpPrefix | undefined {
  const [, addressText = "", bitsText = ""] = prefixSyntax.exec(text) ?? [];
  const address = parseIpAddress(addressText);
  const bits = Number(bitsText);
  return address !== undefined && bits <= addressBits(address.family) ? { address, bits } : undefined;
}

export function formatIpPrefix({ address, bits }: IpPrefix): string {
  return `${formatIpAddress(address)}/${bits}`;
}

/** How many addresses a prefix holds. */
function sizeOf({ address, bits }: IpPrefix): bigint {
  return 1n << BigInt(addressBits(address.family) - bits);
}

/** The same with all host bits zero. */
export function maskedPrefix(prefix: IpPrefix): IpPrefix {
  const { address, bits } = prefix;
  return { address: { ...address, value: address.value & ~(sizeOf(prefix) - 1n) }, bits };
}

/** The last address of a prefix: in IPv4, where broadcasts go. */
export function lastAddress(prefix: IpPrefix): IpAddress {
  const { address } = prefix;
  return { ...address, value: address.value | (sizeOf(prefix) - 1n) };
}

export function prefixContains(prefix: IpPrefix, address: IpAddress): boolean {
  if (prefix.address.family !== address.family) return false;
  const shift = BigInt(addressBits(address.family) - prefix.bits);
  return prefix.address.value >> shift === address.value >> shift;
}

/** Whether two prefixes have an address in common. */
export function prefixesOverlap(a: IpPrefix, b: IpPrefix): boolean {
  return a.bits <= b.bits ? prefixContains(a, b.address) : prefixContains(b, a.address);
}

export function isLoopback(address: IpAddress): boolean {
  return address.family === 4 ? address.value >> 24n === 127n : address.value === 1n;
}

/** 0.0.0.0 or :: */
export function isUnspecified(address: IpAddress): boolean {
  return address.value === 0n;
}

/** The address so many places behind another. */
export function addressAfter(address: IpAddress, distance: bigint): IpAddress {
  return { ...address, value: address.value + distance };
}
