import { API_VERSION, MIN_API_VERSION } from "../api/system.ts";
import { EngineError, messageOf } from "../base/errors.ts";
import type { Bytes } from "../sys/bytes.ts";
import { framingOf, headersOf } from "../sys/http/message.ts";
import { HttpReader } from "../sys/http/reader.ts";
import { isSysError } from "../sys/files.ts";
import type { Connection } from "../sys/streams.ts";
import { errorAnswer } from "./errors.ts";
import { ApiRequest } from "./request.ts";
import { ApiResponse } from "./response.ts";
import type { Router } from "./router.ts";

const VERSION_PREFIX = /^\/v(\d+)\.(\d+)(?=\/)/;

function versionNumber(version: string): number {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major * 1000 + minor;
}

const NEWEST = versionNumber(API_VERSION);
const OLDEST = versionNumber(MIN_API_VERSION);

/** Takes the version off a path. Throws "invalid" on one that we don't speak, in Docker's words. */
function stripVersion(path: string): string {
  const match = VERSION_PREFIX.exec(path);
  if (!match) return path;
  const asked = `${match[1]}.${match[2]}`;
  const number = versionNumber(asked);
  if (number > NEWEST)
    throw new EngineError(
      "invalid",
      `client version ${asked} is too new. Maximum supported API version is ${API_VERSION}`,
    );
  if (number < OLDEST)
    throw new EngineError(
      "invalid",
      `client version ${asked} is too old. Minimum supported API version is ${MIN_API_VERSION}, ` +
        "please upgrade your client to a newer version",
    );
  return path.slice(match[0].length);
}

/** What is answered to something that is not HTTP, as Go's server does. */
const BAD_REQUEST =
  "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request";
/** RFC 9112, section 3; whatever is escaped in the target must be so properly. */
const REQUEST_LINE = /^[!#$%&'*+.^_`|~\w-]+ [^ %]*(?:%[0-9a-fA-F]{2}[^ %]*)* HTTP\/1\.[01]$/;

class MalformedRequest extends Error {}

/** The next request's head; null where none comes. Throws {@link MalformedRequest} where it is none. */
async function nextHead(reader: HttpReader): ReturnType<HttpReader["head"]> {
  let head: Awaited<ReturnType<HttpReader["head"]>>;
  try {
    head = await reader.head();
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError)
      throw new MalformedRequest("not HTTP", { cause: error });
    throw error;
  }
  if (head && !REQUEST_LINE.test(head[1])) throw new MalformedRequest(`a request line: ${head[1]}`);
  return head;
}

/** A client that hangs up in the middle of an answer is no news. */
function hasHungUp(error: unknown): boolean {
  return isSysError(error, "EPIPE", "ECONNRESET");
}

/** Serves the Engine API on connections. */
export class HttpServer {
  readonly #router: Router;
  readonly #bytes: Bytes;
  readonly #common: readonly (readonly [string, string])[];
  readonly #report: (problem: string) => void;

  /** `serverName` goes into the Server field: "Docker/28.2.2 (linux)". */
  constructor(router: Router, bytes: Bytes, serverName: string, report: (problem: string) => void) {
    this.#router = router;
    this.#bytes = bytes;
    this.#report = report;
    this.#common = [
      ["Api-Version", API_VERSION],
      ["Docker-Experimental", "false"],
      ["Ostype", "linux"],
      ["Server", serverName],
    ];
  }

  /** Answers all requests of a connection, one after the other, until it ends or a handler takes it over. */
  async serve(connection: Connection): Promise<void> {
    try {
      const reader = new HttpReader(connection, this.#bytes);
      while (await this.#serveOne(connection, reader));
    } catch (error) {
      if (error instanceof MalformedRequest) await connection.write(BAD_REQUEST).catch(() => {});
      else if (!hasHungUp(error)) this.#report(`connection: ${messageOf(error)}`);
      connection.close();
    }
  }

  /** Answers one request. Returns whether another may follow. */
  async #serveOne(connection: Connection, reader: HttpReader): Promise<boolean> {
    const head = await nextHead(reader);
    if (!head) {
      connection.close();
      return false;
    }
    const [method = "", target = "/", protocol = ""] = head[1].split(" ");
    const headers = headersOf(head);
    const body = reader.body(framingOf(headers, { length: 0 }));
    const question = target.indexOf("?");
    const path = question < 0 ? target : target.slice(0, question);
    const query = question < 0 ? "" : target.slice(question + 1);
    const response = new ApiResponse(connection, this.#bytes, reader, this.#common, method === "HEAD");
    const request = new ApiRequest({ method, path, query }, headers, body, this.#bytes, connection);
    try {
      await this.#dispatch(request, response);
    } catch (error) {
      if (response.hijacked) throw error;
      await this.#answerError(response, error, request);
    }
    if (response.hijacked) return false;
    const close = headers.get("connection")?.toLowerCase() === "close" || protocol === "HTTP/1.0";
    if (close) {
      connection.close();
      return false;
    }
    await request.drain();
    return true;
  }

  async #dispatch(request: ApiRequest, response: ApiResponse): Promise<void> {
    const path = stripVersion(request.path);
    const found = this.#router.find(request.method, path);
    if (!found) throw new EngineError("not-found", "page not found");
    request.parameter = found.parameter;
    await found.handle(request, response);
  }

  async #answerError(response: ApiResponse, error: unknown, request: ApiRequest): Promise<void> {
    const { status, body } = errorAnswer(error);
    if (status >= 500 && !hasHungUp(error))
      this.#report(`Handler for ${request.method} ${request.path} returned error: ${body.message}`);
    if (response.sent) throw error; // the client sees the stream break off
    if (status === 304) await response.empty(304);
    else await response.json(body, status);
  }
}
