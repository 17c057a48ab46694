/** The textual forms of IP addresses that Go's `net.ParseIP` accepts: no zones, no leading zeros in IPv4. */

const byteSyntax = /^(?:0|[1-9][0-9]{0,2})$/;
const groupSyntax = /^[0-9a-fA-F]{1,4}$/;

/** Whether `text` is an IPv4 or IPv6 address. */
export function isIpAddress(text: string): boolean {
  return text.includes(":") ? isIpv6(text) : isIpv4(text);
}

/** Whether `text` is an IPv4 address in four decimal parts. */
export function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every(part => byteSyntax.test(part) && Number(part) < 256);
}

/** Whether `text` is an IPv6 address (RFC 4291, section 2.2), not in brackets. */
export function isIpv6(text: string): boolean {
  const [head = "", tail, ...more] = text.split("::");
  if (more.length > 0) return false;
  const headGroups = groupCount(head, tail === undefined);
  if (tail === undefined) return headGroups === 8;
  const tailGroups = groupCount(tail, true);
  return headGroups !== undefined && tailGroups !== undefined && headGroups + tailGroups < 8;
}

/** How many 16-bit groups `text` holds, counting a final IPv4 address as two; undefined when malformed. */
function groupCount(text: string, mayEndInIpv4: boolean): number | undefined {
  if (text === "") return 0;
  const groups = text.split(":");
  const embedded = mayEndInIpv4 && isIpv4(groups.at(-1) ?? "");
  if (embedded) groups.pop();
  if (!groups.every(group => groupSyntax.test(group))) return undefined;
  return groups.length + (embedded ? 2 : 0);
}
