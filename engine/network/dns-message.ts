/** The few kinds of DNS messages that the embedded name server reads and writes (RFC 1035, section 4). */
import { formatIpAddress, parseIpAddress } from "../base/ip-prefix.ts";
import type { Bytes } from "../sys/bytes.ts";

export const RecordType = { A: 1, PTR: 12, AAAA: 28 } as const;

/** How a query went (RFC 1035, section 4.1.1). */
export const ResponseCode = { ok: 0, serverFailure: 2 } as const;

const CLASS_INTERNET = 1;
const HEADER = 12;
const POINTER_TO_NAME = 0xc00c; // to the question's, right behind the header
const RECURSION_DESIRED = 0x0100;
const RESPONSE = 0x8080; // QR and RA
const OPCODE_MASK = 0x7800;
const TTL_S = 600;

/** What somebody asks. */
export interface Question {
  /** Without the final dot. */
  readonly name: string;
  readonly type: number;
  /** Where the question ends in the message. */
  readonly end: number;
}

function word(message: Uint8Array, at: number): number {
  return ((message[at] ?? 0) << 8) | (message[at + 1] ?? 0);
}

/** The one question of a query; null where the message is no such thing. */
export function parseQuestion(message: Uint8Array, bytes: Bytes): Question | null {
  const flags = word(message, 2);
  if (message.length < HEADER || flags & 0x8000 || flags & OPCODE_MASK || word(message, 4) !== 1) return null;
  const labels: string[] = [];
  let at = HEADER;
  for (;;) {
    const length = message[at] ?? 0;
    if (length === 0) break;
    if (length > 63 || at + 1 + length > message.length) return null; // no compression in a question
    labels.push(bytes.decode(message, at + 1, at + 1 + length));
    at += 1 + length;
  }
  const end = at + 5;
  if (end > message.length || word(message, at + 3) !== CLASS_INTERNET) return null;
  return { name: labels.join("."), type: word(message, at + 1), end };
}

function push16(to: number[], value: number): void {
  to.push((value >> 8) & 255, value & 255);
}

function header(query: Uint8Array, code: number, answers: number): number[] {
  const result = [query[0] ?? 0, query[1] ?? 0];
  push16(result, RESPONSE | (word(query, 2) & RECURSION_DESIRED) | code);
  push16(result, 1);
  push16(result, answers);
  result.push(0, 0, 0, 0);
  return result;
}

/** An answer that tells no more than how the query went. */
export function answerCode(query: Uint8Array, { end }: Question, code: number): Uint8Array {
  return Uint8Array.from([...header(query, code, 0), ...query.subarray(HEADER, end)]);
}

function answer(query: Uint8Array, question: Question, records: readonly (readonly number[])[]): Uint8Array {
  const message = [
    ...header(query, ResponseCode.ok, records.length),
    ...query.subarray(HEADER, question.end),
  ];
  for (const data of records) {
    push16(message, POINTER_TO_NAME);
    push16(message, question.type);
    push16(message, CLASS_INTERNET);
    message.push(0, 0, TTL_S >> 8, TTL_S & 255);
    push16(message, data.length);
    message.push(...data);
  }
  return Uint8Array.from(message);
}

function addressBytes(text: string): number[] {
  const address = parseIpAddress(text);
  if (!address) return [];
  const length = address.family === 4 ? 4 : 16;
  return Array.from({ length }, (_, index) =>
    Number((address.value >> BigInt(8 * (length - 1 - index))) & 255n),
  );
}

/** The addresses of a name; none is an answer too. */
export function answerAddresses(
  query: Uint8Array,
  question: Question,
  addresses: readonly string[],
): Uint8Array {
  return answer(query, question, addresses.map(addressBytes));
}

/** The name of an address. */
export function answerName(query: Uint8Array, question: Question, name: string, bytes: Bytes): Uint8Array {
  const data = name.split(".").flatMap(label => {
    const encoded = bytes.encode(label);
    return [encoded.length, ...encoded];
  });
  return answer(query, question, [[...data, 0]]);
}

/** The address that the name of a reverse look-up stands for: "2.0.17.172.in-addr.arpa". null where it is none. */
export function reversedAddress(name: string): string | null {
  const lower = name.toLowerCase();
  if (lower.endsWith(".in-addr.arpa")) {
    const text = lower.slice(0, -".in-addr.arpa".length).split(".").toReversed().join(".");
    return parseIpAddress(text) ? text : null;
  }
  if (!lower.endsWith(".ip6.arpa")) return null;
  const digits = lower.slice(0, -".ip6.arpa".length).split(".").toReversed().join("");
  if (!/^[0-9a-f]{32}$/.test(digits)) return null;
  return formatIpAddress({ family: 6, value: BigInt(`0x${digits}`) });
}
