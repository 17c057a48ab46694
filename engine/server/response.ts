import { assert } from "../base/errors.ts";
import type { Bytes } from "../sys/bytes.ts";
import { CHUNK_SUFFIX, chunkPrefix, formatHead, LAST_CHUNK } from "../sys/http/message.ts";
import type { HttpReader } from "../sys/http/reader.ts";
import type { Connection } from "../sys/streams.ts";

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  204: "No Content",
  304: "Not Modified",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  500: "Internal Server Error",
  501: "Not Implemented",
  503: "Service Unavailable",
};

/** A connection that a handler has taken over for raw streams. */
export interface Hijacked {
  readonly connection: Connection;
  /** What the client has sent already. */
  readonly early: Uint8Array;
}

/** Pieces of a body whose length is not known before. */
export interface ResponseStream {
  write(data: Uint8Array | string): Promise<void>;
  end(): Promise<void>;
}

/** The answer to one request; it is sent once. */
export class ApiResponse {
  readonly #connection: Connection;
  readonly #bytes: Bytes;
  readonly #reader: HttpReader;
  readonly #common: readonly (readonly [string, string])[];
  readonly #headers: (readonly [string, string])[] = [];
  readonly #isHead: boolean;
  #sent = false;
  #hijacked = false;

  constructor(
    connection: Connection,
    bytes: Bytes,
    reader: HttpReader,
    common: readonly (readonly [string, string])[],
    isHead: boolean,
  ) {
    this.#connection = connection;
    this.#bytes = bytes;
    this.#reader = reader;
    this.#common = common;
    this.#isHead = isHead;
  }

  /** Whether the head is out, so that no other answer can be given. */
  get sent(): boolean {
    return this.#sent;
  }

  /** Whether the connection belongs to the handler now. */
  get hijacked(): boolean {
    return this.#hijacked;
  }

  header(name: string, value: string): void {
    this.#headers.push([name, value]);
  }

  async json(value: unknown, status = 200): Promise<void> {
    await this.#whole(status, "application/json", `${JSON.stringify(value)}\n`);
  }

  async text(text: string, status = 200): Promise<void> {
    await this.#whole(status, "text/plain; charset=utf-8", text);
  }

  /** An answer without a body. */
  async empty(status = 204): Promise<void> {
    await this.#head(status, status === 204 || status === 304 ? [] : [["Content-Length", "0"]]);
  }

  /** Starts a body that is sent as it comes. */
  async stream(contentType = "application/json", status = 200): Promise<ResponseStream> {
    await this.#head(status, [
      ["Content-Type", contentType],
      ["Transfer-Encoding", "chunked"],
    ]);
    return {
      write: async data => {
        const bytes = typeof data === "string" ? this.#bytes.encode(data) : data;
        if (bytes.length === 0) return;
        const prefix = this.#bytes.encode(chunkPrefix(bytes.length));
        const chunk = new Uint8Array(prefix.length + bytes.length + CHUNK_SUFFIX.length);
        chunk.set(prefix);
        chunk.set(bytes, prefix.length);
        chunk.set([13, 10], prefix.length + bytes.length);
        await this.#connection.write(chunk);
      },
      end: () => this.#connection.write(LAST_CHUNK),
    };
  }

  /** Hands the connection over, as an upgrade where the client asked for one (Engine API, "attach"). */
  async hijack(contentType: string, upgrade: boolean): Promise<Hijacked> {
    assert(!this.#sent, "a response is sent once");
    this.#sent = true;
    this.#hijacked = true;
    const line = upgrade ? "HTTP/1.1 101 UPGRADED" : "HTTP/1.1 200 OK";
    const fields = [["Content-Type", contentType]] as (readonly [string, string])[];
    if (upgrade) fields.push(["Connection", "Upgrade"], ["Upgrade", "tcp"]);
    await this.#connection.write(formatHead(line, [...fields, ...this.#common]));
    return { connection: this.#connection, early: this.#reader.leftover() };
  }

  async #whole(status: number, type: string, text: string): Promise<void> {
    const length = this.#bytes.byteLength(text);
    await this.#head(
      status,
      [
        ["Content-Type", type],
        ["Content-Length", `${length}`],
      ],
      text,
    );
  }

  async #head(status: number, fields: readonly (readonly [string, string])[], body = ""): Promise<void> {
    assert(!this.#sent, "a response is sent once");
    this.#sent = true;
    const line = `HTTP/1.1 ${status} ${REASONS[status] ?? ""}`;
    const head = formatHead(line, [...this.#common, ...this.#headers, ...fields]);
    await this.#connection.write(this.#isHead ? head : head + body);
  }
}
