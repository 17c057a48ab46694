import { concat } from "../../protocol/frame-parser.ts";
import { decodeText, encodeText } from "../../protocol/text.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { SiteRequest } from "./site.ts";

const LARGEST_HEAD = 64 * 1024;
/** Bytes: nobody here keeps what is uploaded, and it lies in the page's memory until it is answered. */
export const LARGEST_BODY = 1024 * 1024;

const END_OF_HEAD = encodeText("\r\n\r\n");
const END_OF_LINE = encodeText("\r\n");

/** What is no request, or one that is too large. Where the next one would start is unknown after it. */
export class RequestProblem extends Error {
  /** The HTTP status that says so. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A request without its body. */
export interface RequestHead extends Omit<SiteRequest, "body"> {
  /** Whether its sender wants to send another one afterwards. */
  readonly keepAlive: boolean;
}

/**
 * Reads the head of an HTTP/1.1 request (RFC 9112); undefined at the end of the connection. Throws a
 * {@link RequestProblem}.
 */
export async function readHead(reader: ByteReader): Promise<RequestHead | undefined> {
  const bytes = await reader.until(END_OF_HEAD, LARGEST_HEAD);
  if (!bytes) return undefined;
  const [line = "", ...lines] = decodeText(bytes).trimEnd().split("\r\n");
  const [method, target, protocol] = line.split(" ");
  if (!method || !target?.startsWith("/") || !protocol?.startsWith("HTTP/1.")) {
    throw new RequestProblem(400, `not a request: ${line}`);
  }
  const headers = new Map<string, string>();
  for (const field of lines) {
    const colon = field.indexOf(":");
    if (colon > 0) headers.set(field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim());
  }
  const question = target.indexOf("?");
  const connection = headers.get("connection")?.toLowerCase();
  return {
    method,
    path: question < 0 ? target : target.slice(0, question),
    query: question < 0 ? "" : target.slice(question + 1),
    headers,
    keepAlive: protocol === "HTTP/1.0" ? connection === "keep-alive" : connection !== "close",
  };
}

/** Reads the body that belongs to a head, chunked or with a length. Throws a {@link RequestProblem}. */
export async function readBody(reader: ByteReader, { headers }: RequestHead): Promise<Uint8Array> {
  if (headers.get("transfer-encoding")?.toLowerCase() === "chunked") return readChunks(reader);
  return readSized(reader, sizeOf(headers.get("content-length") ?? "0", /^\d+$/, 10));
}

async function readChunks(reader: ByteReader): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const [size = ""] = (await readLine(reader)).split(";");
    const length = sizeOf(size.trim(), /^[0-9a-f]+$/i, 16);
    if (length === 0) break;
    total += length;
    if (total > LARGEST_BODY) throw tooLarge();
    chunks.push(await readSized(reader, length));
    await readLine(reader);
  }
  // Trailers say nothing that a host here asks for.
  while ((await readLine(reader)) !== "");
  return concat(chunks);
}

async function readLine(reader: ByteReader): Promise<string> {
  const line = await reader.until(END_OF_LINE, LARGEST_HEAD);
  if (!line) throw tooShort();
  return decodeText(line).trimEnd();
}

async function readSized(reader: ByteReader, length: number): Promise<Uint8Array> {
  if (length > LARGEST_BODY) throw tooLarge();
  const bytes = await reader.exactly(length);
  if (!bytes) throw tooShort();
  return bytes;
}

function sizeOf(text: string, form: RegExp, base: number): number {
  if (!form.test(text)) throw new RequestProblem(400, `not a length: ${text}`);
  return Number.parseInt(text, base);
}

function tooLarge(): RequestProblem {
  return new RequestProblem(413, `a request may carry ${LARGEST_BODY} bytes here`);
}

function tooShort(): RequestProblem {
  return new RequestProblem(400, "the body ends too early");
}
