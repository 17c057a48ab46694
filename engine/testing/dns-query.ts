/** A standard query for one name with number 0x1234, recursion desired (RFC 1035, section 4). */
export function dnsQuery(name: string, type: number): Uint8Array {
  const labels = name.split(".").flatMap(label => [label.length, ...Buffer.from(label)]);
  return Uint8Array.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, type, 0, 1]);
}

/** The addresses that an answer holds, of those that begin with its number and its question. */
export function dnsAddresses(answer: Uint8Array, query: Uint8Array): string[] {
  const found: string[] = [];
  for (let at = query.length; at + 12 <= answer.length; ) {
    const length = ((answer[at + 10] ?? 0) << 8) | (answer[at + 11] ?? 0);
    found.push(answer.subarray(at + 12, at + 12 + length).join("."));
    at += 12 + length;
  }
  return found;
}
