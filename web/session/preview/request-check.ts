import { isFieldValue, isTarget, isToken } from "../../http/head.ts";
import type { PreviewRequest } from "../../preview/messages.ts";

/** Characters of a target, and of all header fields together. */
const LONGEST_TARGET = 16 * 1024;
const LARGEST_HEADERS = 64 * 1024;
/** Methods with which a client makes a tunnel, or a server shows it what it has sent; no page may use them either. */
const REFUSED: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);

/**
 * A request as the preview's origin has sent it, which may be anything: pages of the guest run there. Undefined for
 * what is no request that a page could make.
 */
export function checkedRequest(data: unknown): PreviewRequest | undefined {
  if (!isRecord(data)) return undefined;
  const { method, target, body, document, cookies } = data;
  const headers = checkedHeaders(data["headers"]);
  if (headers === undefined) return undefined;
  if (typeof method !== "string" || !isToken(method) || REFUSED.has(method.toUpperCase())) return undefined;
  if (typeof target !== "string" || target.length > LONGEST_TARGET || !isTarget(target)) return undefined;
  if (body !== null && !(body instanceof Blob)) return undefined;
  return { method, target, headers, body, document: document === true, cookies: cookies === true };
}

/** A path that a preview says it shows; undefined for what is none. */
export function checkedPath(path: unknown): string | undefined {
  return typeof path === "string" && path.length <= LONGEST_TARGET && isTarget(path) ? path : undefined;
}

export function isRecord(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === "object" && data !== null;
}

function checkedHeaders(fields: unknown): (readonly [string, string])[] | undefined {
  if (!Array.isArray(fields)) return undefined;
  const checked: [string, string][] = [];
  let size = 0;
  for (const field of fields as unknown[]) {
    if (!Array.isArray(field)) return undefined;
    const [name, value]: unknown[] = field;
    if (typeof name !== "string" || typeof value !== "string") return undefined;
    size += name.length + value.length;
    if (size > LARGEST_HEADERS || !isToken(name) || !isFieldValue(value)) return undefined;
    checked.push([name, value]);
  }
  return checked;
}
