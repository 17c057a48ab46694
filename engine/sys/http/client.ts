import type { Bytes, HttpHead } from "../bytes.ts";
import type { Connection } from "../streams.ts";
import {
  CHUNK_SUFFIX,
  chunkPrefix,
  formatHead,
  framingOf,
  type Headers,
  headersOf,
  LAST_CHUNK,
} from "./message.ts";
import { type Body, HttpReader } from "./reader.ts";

/** What to ask. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly host: string;
  readonly headers?: readonly (readonly [string, string])[];
  /** Text, or pieces that are sent as they come (chunked). */
  readonly body?: string | AsyncIterable<Uint8Array>;
}

/** What was answered. Read the body to its end, or close. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  /** The whole body as text. */
  text(): Promise<string>;
  /** Ends the connection. */
  close(): void;
  /** Takes the connection over after a 101: it, and what has come on it already. */
  upgrade(): { connection: Connection; early: Uint8Array };
}

const NO_BODY = new Set([101, 204, 304]);

async function sendBody(connection: Connection, body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of body) {
    if (piece.length === 0) continue;
    await connection.write(chunkPrefix(piece.length));
    await connection.write(piece);
    await connection.write(CHUNK_SUFFIX);
  }
  await connection.write(LAST_CHUNK);
}

/** The whole of a body as text. */
export async function readText(body: Body, bytes: Bytes): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (let piece = await body.read(); piece; piece = await body.read()) {
    pieces.push(piece.slice());
    length += piece.length;
  }
  if (pieces.length === 1 && pieces[0]) return bytes.decode(pieces[0]);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return bytes.decode(whole);
}

/** The head of the answer itself; interim ones are passed over (RFC 9110, section 15.2). */
async function finalHead(reader: HttpReader): Promise<HttpHead> {
  let answer = await reader.head();
  while (answer && /^\S+ 1(?!01)\d\d/.test(answer[1])) answer = await reader.head();
  if (!answer) throw new Error("EOF");
  return answer;
}

/** A body whose connection is closed at its end, and where it is cut off. */
function closingBody(inner: Body, connection: Connection, sending: Promise<void> | null): Body {
  return {
    async read() {
      try {
        const piece = await inner.read();
        if (!piece) {
          await sending;
          connection.close();
        }
        return piece;
      } catch (error) {
        connection.close();
        throw error;
      }
    },
  };
}

/**
 * Sends one request over a connection of its own and waits for the head of the answer (RFC 9112). The connection
 * ends with the response's body, or where this rejects.
 */
export async function exchange(
  connection: Connection,
  bytes: Bytes,
  request: HttpRequest,
  bufferSize?: number,
): Promise<HttpResponse> {
  try {
    return await exchangeOn(connection, bytes, request, bufferSize);
  } catch (error) {
    connection.close();
    throw error;
  }
}

async function exchangeOn(
  connection: Connection,
  bytes: Bytes,
  request: HttpRequest,
  bufferSize: number | undefined,
): Promise<HttpResponse> {
  const { body } = request;
  const headers: (readonly [string, string])[] = [["Host", request.host], ...(request.headers ?? [])];
  if (typeof body === "string") headers.push(["Content-Length", `${bytes.byteLength(body)}`]);
  else if (body) headers.push(["Transfer-Encoding", "chunked"]);
  const head = formatHead(`${request.method} ${request.target} HTTP/1.1`, headers);
  await connection.write(typeof body === "string" ? head + body : head);
  // A server may answer before it has read everything, and then break off: its answer is what counts.
  const sending = body && typeof body !== "string" ? sendBody(connection, body).catch(() => {}) : null;

  const reader = new HttpReader(connection, bytes, bufferSize);
  const answer = await finalHead(reader);
  const status = Number(answer[1].split(" ")[1]);
  const fields = headersOf(answer);
  const framing =
    request.method === "HEAD" || NO_BODY.has(status) ? { length: 0 } : framingOf(fields, "until-close");
  const responseBody = closingBody(reader.body(framing), connection, sending);
  return {
    status,
    headers: fields,
    body: responseBody,
    text: () => readText(responseBody, bytes),
    close: () => connection.close(),
    upgrade: () => ({ connection, early: reader.leftover() }),
  };
}
