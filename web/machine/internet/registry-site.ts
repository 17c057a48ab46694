import { concat } from "../../protocol/frame-parser.ts";
import { decodeText, encodeText } from "../../protocol/text.ts";
import type { FileSource, Site, SiteBody, SiteRequest, SiteResponse } from "./site.ts";

/** `index.json` of the hub's files (scripts/images/hub-index.ts writes it). */
interface HubIndex {
  readonly repositories: Readonly<
    Record<string, { readonly tags: Readonly<Record<string, { readonly digest: string }>> }>
  >;
  readonly blobs: Readonly<Record<string, { readonly mediaType: string; readonly size: number }>>;
}

const DIGEST = /^sha256:([0-9a-f]{64})$/;
const VERSION: readonly [string, string] = ["Docker-Distribution-Api-Version", "registry/2.0"];

function json(status: number, value: unknown): SiteResponse {
  return {
    status,
    headers: [["Content-Type", "application/json"], VERSION],
    body: encodeText(JSON.stringify(value)),
  };
}

/** An error body of the distribution API. */
function problem(status: number, code: string, message: string): SiteResponse {
  return json(status, { errors: [{ code, message, detail: null }] });
}

/** Docker Hub says the same of a repository that does not exist and of one that is private. */
const denied = problem(401, "DENIED", "requested access to the resource is denied");

async function wholeText(source: FileSource, path: string): Promise<string | undefined> {
  const file = await source.open(path);
  if (!file) return undefined;
  const pieces: Uint8Array[] = [];
  for await (const piece of file.pieces) pieces.push(piece);
  return decodeText(concat(pieces));
}

/** A registry that can be pulled from (OCI distribution-spec, "Pull"), served from static files. */
class RegistrySite {
  readonly #source: FileSource;
  #index: Promise<HubIndex> | undefined;

  constructor(source: FileSource) {
    this.#source = source;
  }

  async answer(request: SiteRequest): Promise<SiteResponse> {
    if (request.method !== "GET" && request.method !== "HEAD")
      return problem(405, "UNSUPPORTED", "The operation is unsupported.");
    if (/^\/v2\/?$/.test(request.path)) return json(200, {});
    const match = /^\/v2\/(.+)\/(manifests|blobs|tags)\/([^/]+)$/.exec(request.path);
    if (!match) return problem(404, "NAME_UNKNOWN", "repository name not known to registry");
    const [, name = "", kind, reference = ""] = match;
    const index = await this.#currentIndex();
    const repository = index.repositories[name];
    if (!repository) return denied;
    if (kind === "tags") return json(200, { name, tags: Object.keys(repository.tags) });
    if (kind === "blobs")
      return this.#blob(index, reference, problem(404, "BLOB_UNKNOWN", "blob unknown to registry"));
    const digest = DIGEST.test(reference) ? reference : repository.tags[reference]?.digest;
    return this.#blob(index, digest ?? "", problem(404, "MANIFEST_UNKNOWN", "manifest unknown"));
  }

  async #currentIndex(): Promise<HubIndex> {
    this.#index ??= this.#loadIndex();
    try {
      return await this.#index;
    } catch (error) {
      this.#index = undefined; // the next pull tries again
      throw error;
    }
  }

  async #loadIndex(): Promise<HubIndex> {
    const text = await wholeText(this.#source, "index.json");
    const index: HubIndex = JSON.parse(text ?? '{"repositories":{},"blobs":{}}');
    return index;
  }

  async #blob(index: HubIndex, digest: string, otherwise: SiteResponse): Promise<SiteResponse> {
    const hex = DIGEST.exec(digest)?.[1] ?? "";
    const blob = index.blobs[hex];
    const file = blob && (await this.#source.open(`blobs/${hex}`));
    if (!file) return otherwise;
    const body: SiteBody = { size: blob.size, pieces: file.pieces };
    const headers = [
      ["Content-Type", blob.mediaType],
      ["Docker-Content-Digest", digest],
      ["Etag", `"${digest}"`],
      VERSION,
    ] as const;
    return { status: 200, headers, body };
  }
}

/** A registry over the files of a hub. */
export function registrySite(source: FileSource): Site {
  const site = new RegistrySite(source);
  return request => site.answer(request);
}
