import { decodeText } from "../../protocol/text.ts";

const HEADER = 12;
const TYPE_A = 1;
const CLASS_IN = 1;
const TTL_S = 60;

const RESPONSE = 0x8000;
const AUTHORITATIVE = 0x0400;
const RECURSION_DESIRED = 0x0100;
const RECURSION_AVAILABLE = 0x0080;
const NO_SUCH_NAME = 3;
const NOT_IMPLEMENTED = 4;

/** The question of a DNS query. */
interface Question {
  readonly id: number;
  readonly flags: number;
  /** In lower case, without a dot at the end. */
  readonly name: string;
  readonly type: number;
  readonly class: number;
  /** The bytes of the question as it came. */
  readonly bytes: Uint8Array;
}

function parseQuestion(message: Uint8Array): Question | null {
  if (message.length < HEADER) return null;
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  if (view.getUint16(4) !== 1) return null;
  const labels: string[] = [];
  let at = HEADER;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    if (length > 63 || at + length >= message.length) return null;
    labels.push(decodeText(message.subarray(at + 1, at + 1 + length)));
    at += length + 1;
  }
  if (at + 5 > message.length) return null;
  return {
    id: view.getUint16(0),
    flags: view.getUint16(2),
    name: labels.join(".").toLowerCase(),
    type: view.getUint16(at + 1),
    class: view.getUint16(at + 3),
    bytes: message.subarray(HEADER, at + 5),
  };
}

function encodeAnswer(question: Question, code: number, address: string | undefined): Uint8Array {
  const record = address === undefined ? 0 : 16;
  const message = new Uint8Array(HEADER + question.bytes.length + record);
  const view = new DataView(message.buffer);
  const flags = RESPONSE | AUTHORITATIVE | RECURSION_AVAILABLE | (question.flags & RECURSION_DESIRED);
  view.setUint16(0, question.id);
  view.setUint16(2, flags | code);
  view.setUint16(4, 1);
  view.setUint16(6, address === undefined ? 0 : 1);
  message.set(question.bytes, HEADER);
  if (address !== undefined) {
    const at = HEADER + question.bytes.length;
    view.setUint16(at, 0xc000 | HEADER); // the name is the question's
    view.setUint16(at + 2, TYPE_A);
    view.setUint16(at + 4, CLASS_IN);
    view.setUint32(at + 6, TTL_S);
    view.setUint16(at + 10, 4);
    message.set(address.split(".").map(Number), at + 12);
  }
  return message;
}

/**
 * Answers a DNS query (RFC 1035): `addressOf` gives the IPv4 address of a name that exists. Such a name has no
 * records of other types; all other names do not exist. null where the message is no query.
 */
export function answerDns(
  message: Uint8Array,
  addressOf: (name: string) => string | undefined,
): Uint8Array | null {
  const question = parseQuestion(message);
  if (!question || question.flags & RESPONSE) return null;
  if (question.class !== CLASS_IN) return encodeAnswer(question, NOT_IMPLEMENTED, undefined);
  const address = addressOf(question.name);
  if (address === undefined) return encodeAnswer(question, NO_SUCH_NAME, undefined);
  return encodeAnswer(question, 0, question.type === TYPE_A ? address : undefined);
}
