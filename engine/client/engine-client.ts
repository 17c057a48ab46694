/** One command's connection to a daemon: requests of the Engine API, and the streams that they turn into. */
import { API_VERSION } from "../api/system.ts";
import { EngineError, messageOf } from "../base/errors.ts";
import type { Scope } from "../base/scope.ts";
import type { Bytes } from "../sys/bytes.ts";
import type { Files } from "../sys/files.ts";
import { isSysError } from "../sys/files.ts";
import { HttpConnection, type HttpRequest, type HttpResponse } from "../sys/http/client.ts";
import { Resolver } from "../sys/resolver.ts";
import type { Connection, Sockets } from "../sys/streams.ts";
import { type ApiVersions, lowerVersion } from "./api-versions.ts";
import type { Endpoint } from "./endpoint.ts";
import { answerError, ConnectionError } from "./errors.ts";
import { type Query, withQuery } from "./query.ts";

/** What a client needs of the system. */
export interface ClientSystem {
  readonly sockets: Sockets;
  readonly files: Files;
  readonly bytes: Bytes;
}

export interface ClientOptions {
  readonly endpoint: Endpoint;
  /** What is known of daemons' versions; the client asks for what is not. */
  readonly versions: ApiVersions;
  /** A version to speak without asking the daemon (`DOCKER_API_VERSION`). */
  readonly fixedVersion?: string | undefined;
  /** Connections end with it. */
  readonly scope: Scope;
}

/** A request without what all have in common. */
export interface ApiCall {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
  /** Without version: "/containers/json". */
  readonly path: string;
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: object;
  /** An archive, sent as it comes, instead of a body. */
  readonly content?: AsyncIterable<Uint8Array>;
}

/** A connection that has become a raw stream, and what was read of it before. */
export interface Hijacked {
  readonly connection: Connection;
  readonly early: Uint8Array;
}

const UNIX_HOST = "docker";
/** A daemon that tells no version is older than that telling. */
const OLDEST_VERSION = "1.24";
const UPGRADE = [
  ["Connection", "Upgrade"],
  ["Upgrade", "tcp"],
] as const;

/** What goes behind a request's head; nothing behind those that ask only. */
function bodyOf({ method, body, content }: ApiCall): Pick<HttpRequest, "body"> {
  if (content) return { body: content };
  if (body) return { body: JSON.stringify(body) };
  return method === "GET" || method === "HEAD" ? {} : { body: "" };
}

/** Speaks to one daemon. What fails throws in the words of Docker's client. */
export class EngineClient {
  readonly endpoint: Endpoint;
  readonly #sys: ClientSystem;
  readonly #versions: ApiVersions;
  readonly #fixedVersion: string | undefined;
  readonly #scope: Scope;
  /** A connection whose last request is over. */
  #idle: HttpConnection | null = null;

  constructor(sys: ClientSystem, { endpoint, versions, fixedVersion, scope }: ClientOptions) {
    this.endpoint = endpoint;
    this.#sys = sys;
    this.#versions = versions;
    this.#fixedVersion = fixedVersion;
    this.#scope = scope;
  }

  /** The API version to speak: the daemon's, at most ours. A daemon that can't be asked fails the request itself. */
  async version(): Promise<string> {
    const { address } = this.endpoint;
    const known = this.#fixedVersion ?? this.#versions.get(address);
    if (known !== undefined) return known;
    let answer: HttpResponse;
    try {
      answer = await this.#exchange({ method: "HEAD", target: "/_ping", host: this.#host() });
      await answer.body.read();
    } catch {
      return API_VERSION;
    }
    const version = lowerVersion(answer.headers.get("api-version") ?? OLDEST_VERSION, API_VERSION);
    this.#versions.set(address, version);
    return version;
  }

  /** Sends a request. Throws what the daemon answers instead of success. */
  async request(call: ApiCall): Promise<HttpResponse> {
    // A connection that turns out to be closed would have swallowed some of the content.
    const alone = call.content !== undefined;
    const { status, target, response } = await this.#call(call, [], alone);
    if (status < 400) return response;
    const body = await response.text();
    if (status === 400 && !alone && this.#fixedVersion === undefined && body.includes("client version")) {
      // Another daemon has taken the place of the one that was asked for its version.
      this.#versions.forget(this.endpoint.address);
      const again = await this.#call(call, []);
      if (again.status < 400) return again.response;
    }
    const type = response.headers.get("content-type") ?? "";
    throw answerError(status, type, body, `http://${this.#urlHost()}${target}`);
  }

  /** The body of an answer. */
  async text(call: ApiCall): Promise<string> {
    return (await this.request(call)).text();
  }

  /** The body of an answer, of the shape that the route has. */
  async json<T>(call: ApiCall): Promise<T> {
    const value: T = JSON.parse(await this.text(call));
    return value;
  }

  /** For requests whose answer holds nothing. */
  async send(call: ApiCall): Promise<void> {
    const { body } = await this.request(call);
    while (await body.read());
  }

  /** Asks for a raw stream, and takes the connection over (Engine API, "Attach to a container"). */
  async hijack(call: ApiCall): Promise<Hijacked> {
    const { status, response } = await this.#call(call, UPGRADE, true);
    if (status !== 101) {
      response.close();
      throw new EngineError("system", `unable to upgrade to tcp, received ${status}`);
    }
    return response.upgrade();
  }

  async #call(
    call: ApiCall,
    headers: readonly (readonly [string, string])[],
    alone = false,
  ): Promise<{ status: number; target: string; response: HttpResponse }> {
    const path = call.query ? withQuery(call.path, call.query) : call.path;
    const target = `/v${await this.version()}${path}`;
    const media = call.body ? "application/json" : call.content ? "application/x-tar" : null;
    const type = media === null ? [] : [["Content-Type", media] as const];
    const request: HttpRequest = {
      method: call.method,
      target,
      host: this.#host(),
      headers: [...headers, ...type],
      ...bodyOf(call),
    };
    const response = await this.#exchange(request, alone);
    return { status: response.status, target, response };
  }

  async #exchange(request: HttpRequest, alone = false): Promise<HttpResponse> {
    if (this.#scope.ended) throw new EngineError("cancelled", "context canceled");
    const idle = alone ? null : this.#idle;
    if (idle) {
      this.#idle = null;
      try {
        return await this.#exchangeOn(idle, request);
      } catch {
        idle.close(); // the daemon has closed it meanwhile
      }
    }
    try {
      return await this.#exchangeOn(await this.#open(), request);
    } catch (error) {
      throw this.#connectionError(error, request);
    }
  }

  async #exchangeOn(http: HttpConnection, request: HttpRequest): Promise<HttpResponse> {
    return http.exchange(request, reusable => {
      if (reusable && !this.#idle) this.#idle = http;
      else http.close();
    });
  }

  async #open(): Promise<HttpConnection> {
    const connection = await this.#connect();
    this.#scope.own(() => connection.close());
    return new HttpConnection(connection, this.#sys.bytes);
  }

  async #connect(): Promise<Connection> {
    const { endpoint } = this;
    if (endpoint.kind === "unix") return this.#sys.sockets.connectUnix(endpoint.path);
    const address = endpoint.host.includes(":")
      ? endpoint.host
      : await new Resolver(this.#sys).resolve(endpoint.host);
    return this.#sys.sockets.connectTcp(address, endpoint.port);
  }

  #connectionError(error: unknown, { method, target }: HttpRequest): EngineError {
    if (this.#scope.ended) return new EngineError("cancelled", "context canceled", { cause: error });
    const { address, kind } = this.endpoint;
    const url = `${method[0]}${method.slice(1).toLowerCase()} "http://${this.#urlHost()}${target}"`;
    const what = `${url}: ${messageOf(error)}`;
    const connecting = isSysError(error) && /^dial|^connect/.test(error.syscall);
    if (connecting && isSysError(error, "EACCES", "EPERM")) {
      const place = `the Docker daemon socket at ${address}`;
      return new ConnectionError(`permission denied while trying to connect to ${place}: ${what}`, {
        cause: error,
      });
    }
    if (connecting && (kind === "unix" || isSysError(error, "ECONNREFUSED", "ETIMEDOUT"))) {
      return new ConnectionError(
        `Cannot connect to the Docker daemon at ${address}. Is the docker daemon running?`,
        { cause: error },
      );
    }
    return new ConnectionError(`error during connect: ${what}`, { cause: error });
  }

  #host(): string {
    return this.endpoint.kind === "unix" ? UNIX_HOST : this.#urlHost();
  }

  #urlHost(): string {
    const { endpoint } = this;
    if (endpoint.kind === "unix") return encodeURIComponent(endpoint.path);
    return `${endpoint.host.includes(":") ? `[${endpoint.host}]` : endpoint.host}:${endpoint.port}`;
  }
}
