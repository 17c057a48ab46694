import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { pipeline } from "node:stream/promises";

/** A folder and the path under which its files are served: `/` or `/name/`. */
export interface Mount {
  readonly path: string;
  readonly directory: string;
}

/** Media types by extension; whatever is not here is served as bytes. */
const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

/** Names that hold their content's hash: the page's scripts and styles, the machine's files, the registry's blobs. */
const HASHED = /\/(assets|machine)\/[^/]+-[\w-]{8,12}\.\w+$|\/hub\/blobs\/[0-9a-f]{64}$/;
const FOR_EVER = "public, max-age=31536000, immutable";
/** Kept, but never used without asking: an answer of 304 costs a round trip and no bytes. */
const ASK_FIRST = "no-cache";

/** How long an answer may be kept, by its path. */
export function cacheControl(path: string): string {
  return HASHED.test(path) ? FOR_EVER : ASK_FIRST;
}

/** The media type of a file, by its name. */
export function mediaType(path: string): string {
  return TYPES[extname(path).toLowerCase()] ?? "application/octet-stream";
}

/** A file as it was found. */
interface Found {
  readonly path: string;
  readonly size: number;
  readonly modified: Date;
}

/** Where a request goes: to a file, to the same address with a slash, or nowhere. */
type Target = { readonly file: Found } | { readonly redirect: string } | undefined;

/** Answers GET and HEAD with the files of `mounts`; the first whose path fits has the word. */
export function staticFiles(mounts: readonly Mount[]): RequestListener {
  return (request, response) => {
    answer(mounts, request, response).catch((error: unknown) => {
      // The visitor has gone, or the file has been taken away while it was read.
      response.destroy(error instanceof Error ? error : undefined);
    });
  };
}

async function answer(mounts: readonly Mount[], request: IncomingMessage, response: ServerResponse) {
  response.setHeader("X-Content-Type-Options", "nosniff");
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    return refuse(response, 405, "Method Not Allowed");
  }
  const path = decodePath(request.url ?? "/");
  const target = path === undefined ? undefined : await find(mounts, path);
  if (path === undefined || target === undefined) return refuse(response, 404, "Not Found");
  if ("redirect" in target) {
    response.setHeader("Location", target.redirect);
    return refuse(response, 308, "Permanent Redirect");
  }
  return sendFile(path, target.file, request, response);
}

function refuse(response: ServerResponse, code: number, reason: string): void {
  response.writeHead(code, { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" });
  response.end(`${reason}\n`);
}

/** The path of a request's address, without query and escapes; undefined for one that makes no sense. */
function decodePath(url: string): string | undefined {
  try {
    const path = decodeURIComponent(url.replace(/[?#].*$/s, ""));
    return path.startsWith("/") && !path.includes("\0") ? path : undefined;
  } catch {
    return undefined; // not UTF-8: no file of ours is called so
  }
}

async function find(mounts: readonly Mount[], path: string): Promise<Target> {
  const mount = mounts.find(({ path: prefix }) => path.startsWith(prefix) || `${path}/` === prefix);
  if (mount === undefined) return undefined;
  if (`${path}/` === mount.path) return { redirect: mount.path };
  const name = normalize(join(mount.directory, path.slice(mount.path.length)));
  if (name !== mount.directory && !`${name}${sep}`.startsWith(`${mount.directory}${sep}`)) return undefined;
  return findIn(name, path);
}

async function findIn(name: string, path: string): Promise<Target> {
  const found = await statusOf(name);
  if (found?.isFile() === true && !path.endsWith("/"))
    return { file: { path: name, size: found.size, modified: found.mtime } };
  if (found?.isDirectory() !== true) return undefined;
  // Relative links of a page need the slash.
  if (!path.endsWith("/")) return { redirect: `${path}/` };
  return findIn(join(name, "index.html"), `${path}index.html`);
}

async function statusOf(name: string) {
  try {
    return await stat(name);
  } catch {
    return undefined; // whatever the reason, there is nothing to serve
  }
}

async function sendFile(path: string, file: Found, request: IncomingMessage, response: ServerResponse) {
  const tag = `"${file.size.toString(36)}-${file.modified.getTime().toString(36)}"`;
  response.setHeader("Cache-Control", cacheControl(path));
  response.setHeader("ETag", tag);
  if (request.headers["if-none-match"] === tag) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, { "Content-Type": mediaType(file.path), "Content-Length": file.size });
  if (request.method === "HEAD") response.end();
  else await pipeline(createReadStream(file.path), response);
}
