import { EngineError, messageOf } from "../base/errors.ts";
import type { Bytes } from "../sys/bytes.ts";
import { exchange, type HttpResponse } from "../sys/http/client.ts";
import type { Resolver } from "../sys/resolver.ts";
import type { Sockets } from "../sys/streams.ts";

/** Where a registry answers. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
}

/** What a registry's error body says (OCI distribution-spec, "Error Codes"). */
export class RegistryError extends EngineError {
  /** "MANIFEST_UNKNOWN", or the HTTP status where the body says nothing. */
  readonly code: string;
  readonly status: number;

  constructor(status: number, code: string, message: string) {
    super(status === 404 ? "not-found" : status < 500 ? "forbidden" : "unavailable", message);
    this.code = code;
    this.status = status;
  }
}

/** A manifest or index as the registry sent it. */
export interface FetchedManifest {
  readonly text: string;
  readonly mediaType: string;
  /** Of the text, "sha256:...". */
  readonly digest: string;
}

export const MediaType = {
  dockerManifest: "application/vnd.docker.distribution.manifest.v2+json",
  dockerList: "application/vnd.docker.distribution.manifest.list.v2+json",
  ociManifest: "application/vnd.oci.image.manifest.v1+json",
  ociIndex: "application/vnd.oci.image.index.v1+json",
} as const;

const ACCEPT = Object.values(MediaType).join(", ");
const LARGEST_MANIFEST = 4 * 1024 * 1024;
const BLOB_BUFFER = 64 * 1024;
const REDIRECTS = 5;

/** "http://hub:5000/" as an endpoint. Throws "invalid" on anything that is no such URL. */
export function parseEndpoint(url: string): Endpoint {
  const match = /^(https?):\/\/([^/:]+)(?::(\d+))?\/?$/.exec(url);
  if (!match) throw new EngineError("invalid", `invalid mirror: "${url}" is not a valid URI`);
  const secure = match[1] === "https";
  return { host: match[2] ?? "", port: Number(match[3] ?? (secure ? 443 : 80)), secure };
}

function urlOf(endpoint: Endpoint, path: string): string {
  const usual = endpoint.secure ? 443 : 80;
  const port = endpoint.port === usual ? "" : `:${endpoint.port}`;
  return `${endpoint.secure ? "https" : "http"}://${endpoint.host}${port}${path}`;
}

interface ErrorBody {
  readonly errors?: readonly { readonly code?: string; readonly message?: string }[];
}

async function errorOf(response: HttpResponse): Promise<RegistryError> {
  const text = await response.text().catch(() => "");
  try {
    const body: ErrorBody = JSON.parse(text);
    const first = body.errors?.[0];
    if (first?.code) return new RegistryError(response.status, first.code, first.message ?? "");
  } catch {
    // Not JSON: the status has to do.
  }
  return new RegistryError(response.status, String(response.status), `unexpected status: ${response.status}`);
}

/** The registry API's reading half (OCI distribution-spec) over plain HTTP. */
export class RegistryClient {
  readonly #sockets: Sockets;
  readonly #bytes: Bytes;
  readonly #resolver: Resolver;
  readonly #userAgent: string;

  constructor(sys: { sockets: Sockets; bytes: Bytes }, resolver: Resolver, userAgent: string) {
    this.#sockets = sys.sockets;
    this.#bytes = sys.bytes;
    this.#resolver = resolver;
    this.#userAgent = userAgent;
  }

  /** A manifest by tag or digest. Throws {@link RegistryError}, or "unavailable" where nothing answers. */
  async manifest(endpoint: Endpoint, repository: string, reference: string): Promise<FetchedManifest> {
    const path = `/v2/${repository}/manifests/${reference}`;
    const response = await this.#get(endpoint, path, [["Accept", ACCEPT]]);
    if (response.status !== 200) throw await errorOf(response);
    if (Number(response.headers.get("content-length") ?? 0) > LARGEST_MANIFEST) {
      response.close();
      throw new EngineError("invalid", `manifest for ${repository}:${reference} is too large`);
    }
    const text = await response.text();
    const digest = `sha256:${this.#bytes.sha256(text)}`;
    if (reference.startsWith("sha256:") && reference !== digest)
      throw new EngineError("system", `manifest verification failed for digest ${reference}`);
    return { text, digest, mediaType: response.headers.get("content-type") ?? "" };
  }

  /** A blob, from the given byte on; the caller checks its digest. */
  async blob(endpoint: Endpoint, repository: string, digest: string): Promise<HttpResponse> {
    const response = await this.#get(endpoint, `/v2/${repository}/blobs/${digest}`, []);
    if (response.status !== 200) throw await errorOf(response);
    return response;
  }

  async #get(
    endpoint: Endpoint,
    path: string,
    headers: readonly (readonly [string, string])[],
    redirects = REDIRECTS,
  ): Promise<HttpResponse> {
    const url = urlOf(endpoint, path);
    const response = await this.#connect(endpoint, path, headers).catch((error: unknown) => {
      throw new EngineError("unavailable", `Get "${url}": ${messageOf(error)}`, { cause: error });
    });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === undefined) return response;
    response.close();
    if (redirects === 0)
      throw new EngineError("unavailable", `Get "${url}": stopped after ${REDIRECTS} redirects`);
    if (location.startsWith("/")) return this.#get(endpoint, location, headers, redirects - 1);
    const match = /^(https?:\/\/[^/]+)(\/.*)$/.exec(location);
    if (!match) throw new EngineError("unavailable", `Get "${url}": bad redirect to ${location}`);
    return this.#get(parseEndpoint(match[1] ?? ""), match[2] ?? "/", headers, redirects - 1);
  }

  async #connect(
    endpoint: Endpoint,
    path: string,
    headers: readonly (readonly [string, string])[],
  ): Promise<HttpResponse> {
    const address = await this.#resolver.resolve(endpoint.host);
    if (endpoint.secure)
      throw new EngineError("not-implemented", "TLS is not available in this build; use an http:// mirror");
    const connection = await this.#sockets.connectTcp(address, endpoint.port);
    const host = endpoint.port === 80 ? endpoint.host : `${endpoint.host}:${endpoint.port}`;
    const fields = [["User-Agent", this.#userAgent], ["Connection", "close"], ...headers] as const;
    return exchange(
      connection,
      this.#bytes,
      { method: "GET", target: path, host, headers: fields },
      BLOB_BUFFER,
    );
  }
}
