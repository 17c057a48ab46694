import { EngineError, messageOf } from "../base/errors.ts";
import { type Filters, parseFilters } from "../base/filters.ts";
import { parseFirstJson } from "../base/json-syntax.ts";
import type { Bytes } from "../sys/bytes.ts";
import { readText } from "../sys/http/client.ts";
import type { Headers } from "../sys/http/message.ts";
import type { Body } from "../sys/http/reader.ts";
import type { Disposable } from "../sys/files.ts";
import type { Connection } from "../sys/streams.ts";

function decode(text: string): string {
  const plain = text.includes("+") ? text.replaceAll("+", " ") : text;
  if (!plain.includes("%")) return plain;
  try {
    return decodeURIComponent(plain);
  } catch {
    throw new EngineError("invalid", `invalid URL escape in "${text}"`);
  }
}

function parseQuery(text: string): Map<string, string> {
  const query = new Map<string, string>();
  if (text === "") return query;
  for (const part of text.split("&")) {
    const equals = part.indexOf("=");
    const name = equals < 0 ? part : part.slice(0, equals);
    if (!query.has(name)) query.set(decode(name), equals < 0 ? "" : decode(part.slice(equals + 1)));
  }
  return query;
}

function parseBody(text: string): unknown {
  let parsed: { value: unknown; rest: string };
  try {
    parsed = parseFirstJson(text);
  } catch (error) {
    throw new EngineError("invalid", `invalid JSON: ${messageOf(error)}`, { cause: error });
  }
  if (parsed.rest !== "") throw new EngineError("invalid", "unexpected content after JSON");
  return parsed.value;
}

/** A request to the API. */
export class ApiRequest {
  readonly method: string;
  /** Without version and query. */
  readonly path: string;
  readonly headers: Headers;
  /** What the route's pattern has in braces. */
  parameter = "";
  readonly #query: Map<string, string>;
  readonly #body: Body;
  readonly #bytes: Bytes;
  readonly #connection: Connection;

  constructor(
    line: { method: string; path: string; query: string },
    headers: Headers,
    body: Body,
    bytes: Bytes,
    connection: Connection,
  ) {
    this.method = line.method;
    this.path = line.path;
    this.headers = headers;
    this.#query = parseQuery(line.query);
    this.#body = body;
    this.#bytes = bytes;
    this.#connection = connection;
  }

  /** A query parameter; empty where it was not given. */
  query(name: string): string {
    return this.#query.get(name) ?? "";
  }

  /** A parameter that is true unless it is empty, "0", "no", "false" or "none" (as Docker reads them). */
  flag(name: string, absent = false): boolean {
    if (!this.#query.has(name)) return absent;
    return !["", "0", "no", "false", "none"].includes(this.query(name).trim().toLowerCase());
  }

  /** A whole number; undefined where it was not given. Throws "invalid" on anything else. */
  number(name: string): number | undefined {
    const text = this.query(name);
    if (text === "") return undefined;
    if (!/^-?\d+$/.test(text))
      throw new EngineError("invalid", `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
    return Number(text);
  }

  filters(): Filters {
    return parseFilters(this.query("filters"));
  }

  /** The body while it arrives. */
  get body(): Body {
    return this.#body;
  }

  /** The body as JSON of the shape that the route expects; an empty body is an empty object. */
  async json<T extends object>(): Promise<Partial<T>> {
    const text = await readText(this.#body, this.#bytes);
    if (text === "") return {};
    this.#expectJson();
    if (text.trim() === "")
      throw new EngineError("invalid", "invalid JSON: got EOF while reading request body");
    const value = parseBody(text);
    if (value === null || typeof value !== "object" || Array.isArray(value))
      throw new EngineError("invalid", "invalid JSON: the body must be an object");
    return value;
  }

  #expectJson(): void {
    const type = this.headers.get("content-type") ?? "";
    if (type === "") {
      throw new EngineError("invalid", "malformed Content-Type header (): mime: no media type");
    }
    if (!/^application\/json *(;|$)/i.test(type.trim()))
      throw new EngineError(
        "invalid",
        `unsupported Content-Type header (${type}): must be 'application/json'`,
      );
  }

  /** Calls back when the client hangs up while the answer is still under way. */
  onDisconnect(callback: () => void): Disposable {
    return this.#connection.onHangUp(callback);
  }

  /** Reads what is left of the body, so that the next request can follow. */
  async drain(): Promise<void> {
    while (await this.#body.read());
  }
}
