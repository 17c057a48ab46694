import { HttpError } from "./http-error.ts";

/** A field of a head; its bytes are characters up to U+00FF. */
export type HeaderField = readonly [name: string, value: string];

/** What a request says before its body. */
export interface RequestHead {
  readonly method: string;
  /** Path and query, escaped. */
  readonly target: string;
  readonly headers: readonly HeaderField[];
}

/** What an answer says before its body. */
export interface ResponseHead {
  readonly status: number;
  readonly reason: string;
  /** In the order in which they came. */
  readonly headers: readonly HeaderField[];
}

/** RFC 9110, section 5.6.2: what methods and field names are made of. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;
/** Visible characters, spaces and tabs, and bytes above ASCII: no line can hide in a value. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** Path and query as they may stand in a request line. */
const TARGET = /^\/[\x21-\x7e]*$/;
const STATUS_LINE = /^HTTP\/1\.[01] (\d{3})(?: (.*))?$/;
/** Arguments that a function takes with ease. */
const PIECE = 4096;

/** Whether `text` can be a method or the name of a field. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** Whether `text` can be a field's value. */
export function isFieldValue(text: string): boolean {
  return FIELD_VALUE.test(text);
}

/** Whether `text` is the origin form of a request's target: an absolute path, with a query or without. */
export function isTarget(text: string): boolean {
  return TARGET.test(text);
}

/** The value of the first field called `name` (in lower case). */
export function headerOf(headers: readonly HeaderField[], name: string): string | undefined {
  return headers.find(([field]) => field.toLowerCase() === name)?.[1];
}

/** The bytes of a request's head. Throws a TypeError where something in it could be read as another line. */
export function encodeRequestHead({ method, target, headers }: RequestHead): Uint8Array {
  if (!isToken(method) || !isTarget(target)) throw new TypeError(`no request: ${method} ${target}`);
  for (const [name, value] of headers)
    if (!isToken(name) || !isFieldValue(value)) throw new TypeError(`no header field: ${name}`);
  const fields = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return encodeLatin1(`${method} ${target} HTTP/1.1\r\n${fields}\r\n`);
}

/** Reads an answer's head, without the empty line at its end (RFC 9112, section 4). */
export function parseResponseHead(text: string): ResponseHead {
  const [first = "", ...lines] = text.split(/\r?\n/);
  const [, status, reason = ""] = STATUS_LINE.exec(first) ?? [];
  if (status === undefined) throw new HttpError("malformed", `no status line: ${first.slice(0, 80)}`);
  return { status: Number(status), reason, headers: lines.filter(line => line !== "").map(parseField) };
}

function parseField(line: string): HeaderField {
  const colon = line.indexOf(":");
  const name = line.slice(0, colon);
  const value = line.slice(colon + 1).trim();
  if (colon < 1 || !isToken(name) || !isFieldValue(value))
    throw new HttpError("malformed", `no header field: ${line.slice(0, 80)}`);
  return [name, value];
}

/** Bytes as characters up to U+00FF, which is how a head is to be read whatever is in it. */
export function decodeLatin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE)
    text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return text;
}

function encodeLatin1(text: string): Uint8Array {
  return Uint8Array.from(text, character => character.charCodeAt(0));
}
