import type { HttpHead } from "../bytes.ts";

/** Header fields by name in lower case. A field that was sent several times holds its values joined by ", ". */
export type Headers = Map<string, string>;

/** The fields of a parsed head. */
export function headersOf(head: HttpHead): Headers {
  const headers: Headers = new Map();
  for (let i = 2; i + 1 < head.length; i += 2) {
    const name = String(head[i]);
    const value = String(head[i + 1]);
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return headers;
}

/** A head as it goes over the wire. */
export function formatHead(firstLine: string, headers: Iterable<readonly [string, string]>): string {
  let text = `${firstLine}\r\n`;
  for (const [name, value] of headers) text += `${name}: ${value}\r\n`;
  return `${text}\r\n`;
}

/** How the end of a message's body is known (RFC 9112, section 6). */
export type BodyFraming = { readonly length: number } | "chunked" | "until-close";

/**
 * The framing that a message's fields declare; `otherwise` where they declare none. Throws a SyntaxError on a bad
 * length, and on an encoding other than chunked, which nobody would undo here.
 */
export function framingOf(headers: Headers, otherwise: BodyFraming): BodyFraming {
  const encoding = headers.get("transfer-encoding");
  if (encoding !== undefined) {
    if (encoding.toLowerCase() === "chunked") return "chunked";
    throw new SyntaxError(`unsupported Transfer-Encoding: ${encoding}`);
  }
  const field = headers.get("content-length");
  if (field === undefined) return otherwise;
  const [, length] = /^(\d{1,15})(?:, \1)*$/.exec(field) ?? [];
  if (length === undefined) throw new SyntaxError(`invalid Content-Length: ${field}`);
  return { length: Number(length) };
}

/** Bytes as one chunk of a chunked body: the line before them and the one behind. */
export function chunkPrefix(length: number): string {
  return `${length.toString(16)}\r\n`;
}

export const CHUNK_SUFFIX = "\r\n";
export const LAST_CHUNK = "0\r\n\r\n";
