import { type HeaderField, type RequestHead, type ResponseHead, headerOf } from "../../http/head.ts";
import type { PreviewRequest } from "../../preview/messages.ts";
import type { CookieJar } from "./cookie-jar.ts";

/** Fields that belong to a connection (RFC 9110, section 7.6.1), and those that are decided on here. */
const NOT_FORWARDED: ReadonlySet<string> = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "cookie",
  "expect",
  "host",
  "keep-alive",
  "origin",
  "proxy-authorization",
  "proxy-connection",
  "referer",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
const NOT_RETURNED: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "set-cookie",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
/** Methods whose requests say how long their body is, even if there is none. */
const WITH_BODY: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);
const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
/** What a program in the machine may call itself. */
const OWN_NAMES: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]", "0.0.0.0"]);

/** The request as a browser in the machine would send it to `localhost:PORT`. */
export function requestHead(request: PreviewRequest, port: number, jar: CookieJar): RequestHead {
  const { method, target } = request;
  const origin = `http://localhost:${port}`;
  const kept = request.headers.filter(([name]) => !NOT_FORWARDED.has(name.toLowerCase()));
  const headers: HeaderField[] = [["Host", `localhost:${port}`], ...kept, ["Connection", "close"]];
  // A part of something compressed would be of no use to who asked for a part.
  const ranged = headerOf(request.headers, "range") !== undefined;
  const coding = headerOf(request.headers, "accept-encoding") ?? (ranged ? "identity" : "gzip, deflate");
  headers.push(["Accept-Encoding", coding]);
  const referer = headerOf(request.headers, "referer");
  if (referer !== undefined) headers.push(["Referer", referer.replace(/^https?:\/\/[^/]+/, origin)]);
  if (!SAFE.has(method)) headers.push(["Origin", origin]);
  const cookies = request.cookies ? jar.header(target) : undefined;
  if (cookies !== undefined) headers.push(["Cookie", cookies]);
  const length = request.body?.size ?? 0;
  if (length > 0 || WITH_BODY.has(method)) headers.push(["Content-Length", String(length)]);
  return { method, target, headers };
}

/** What of an answer's head the preview is told; its cookies go into `jar`. */
export function responseHead(
  head: ResponseHead,
  request: PreviewRequest,
  port: number,
  jar: CookieJar,
): ResponseHead {
  const headers: HeaderField[] = [];
  for (const [name, value] of head.headers) {
    const lower = name.toLowerCase();
    if (lower === "set-cookie" && request.cookies) jar.set(value, request.target);
    if (NOT_RETURNED.has(lower)) continue;
    headers.push([name, lower === "location" ? ownLocation(value, port) : value]);
  }
  return { ...head, headers };
}

/** A redirection's address, without the origin where that is the port itself. */
function ownLocation(location: string, port: number): string {
  if (!/^http:\/\//i.test(location) || !URL.canParse(location)) return location;
  const { hostname, port: named, pathname, search, hash } = new URL(location);
  if (!OWN_NAMES.has(hostname) || Number(named || 80) !== port) return location;
  return pathname + search + hash;
}
