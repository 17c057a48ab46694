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
const EMPTY = { length: 0 };

/** A body in pieces while it is sent. */
class BodySending {
  readonly #connection: Connection;
  /** Why there is no more of the body, though there should be. */
  #fault: { readonly error: unknown } | null = null;
  readonly over: Promise<void>;

  constructor(connection: Connection, body: AsyncIterable<Uint8Array>) {
    this.#connection = connection;
    // A server may answer before it has read everything, and then break off: its answer is what counts.
    this.over = this.#send(this.#watched(body)).catch(() => {});
  }

  /** Throws what has kept the body from being made. */
  check(): void {
    if (this.#fault) throw this.#fault.error;
  }

  async #send(body: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const piece of body) {
      if (piece.length === 0) continue;
      await this.#connection.write(chunkPrefix(piece.length));
      await this.#connection.write(piece);
      await this.#connection.write(CHUNK_SUFFIX);
    }
    await this.#connection.write(LAST_CHUNK);
  }

  /** A server would wait for ever for the rest of a body that can't be made. */
  async *#watched(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* body;
    } catch (error) {
      this.#fault = { error };
      this.#connection.close();
      throw error;
    }
  }
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

/** A connection to a server, for one request after the other (RFC 9112). */
export class HttpConnection {
  readonly #connection: Connection;
  readonly #bytes: Bytes;
  readonly #reader: HttpReader;

  constructor(connection: Connection, bytes: Bytes, bufferSize?: number) {
    this.#connection = connection;
    this.#bytes = bytes;
    this.#reader = new HttpReader(connection, bytes, bufferSize);
  }

  close(): void {
    this.#connection.close();
  }

  /**
   * Sends a request and waits for the head of the answer. `finished` is called once its body was read to the end,
   * with whether another request may follow.
   */
  async exchange(request: HttpRequest, finished: (reusable: boolean) => void): Promise<HttpResponse> {
    await this.#sendHead(request);
    const { body: input } = request;
    const sending = input && typeof input !== "string" ? new BodySending(this.#connection, input) : null;
    const answer = await this.#head(sending);
    const status = Number(answer[1].split(" ")[1]);
    const headers = headersOf(answer);
    const framing =
      request.method === "HEAD" || NO_BODY.has(status) ? EMPTY : framingOf(headers, "until-close");
    const inner = this.#reader.body(framing);
    const body: Body = {
      read: async () => {
        const piece = await this.#orClose(() => inner.read());
        if (!piece) {
          await sending?.over;
          finished(framing !== "until-close" && headers.get("connection")?.toLowerCase() !== "close");
        }
        return piece;
      },
    };
    return {
      status,
      headers,
      body,
      text: () => readText(body, this.#bytes),
      close: () => this.#connection.close(),
      upgrade: () => ({ connection: this.#connection, early: this.#reader.leftover() }),
    };
  }

  async #head(sending: BodySending | null): Promise<HttpHead> {
    try {
      return await finalHead(this.#reader);
    } catch (error) {
      sending?.check();
      throw error;
    }
  }

  /** What `read` gives; where it fails, the connection is of no more use. */
  async #orClose<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      this.#connection.close();
      throw error;
    }
  }

  /** Sends all but a body that comes in pieces. */
  #sendHead({ method, target, host, headers, body }: HttpRequest): Promise<void> {
    const isText = typeof body === "string";
    const fields: (readonly [string, string])[] = [["Host", host], ...(headers ?? [])];
    if (isText) fields.push(["Content-Length", `${this.#bytes.byteLength(body)}`]);
    else if (body) fields.push(["Transfer-Encoding", "chunked"]);
    const head = formatHead(`${method} ${target} HTTP/1.1`, fields);
    return this.#connection.write(isText ? head + body : head);
  }
}

/**
 * Sends one request over a connection of its own and waits for the head of the answer. The connection ends with the
 * response's body, or where this rejects.
 */
export async function exchange(
  connection: Connection,
  bytes: Bytes,
  request: HttpRequest,
  bufferSize?: number,
): Promise<HttpResponse> {
  try {
    const http = new HttpConnection(connection, bytes, bufferSize);
    return await http.exchange(request, () => connection.close());
  } catch (error) {
    connection.close();
    throw error;
  }
}
