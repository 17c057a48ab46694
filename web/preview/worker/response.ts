import type { Answer } from "../messages.ts";

type Head = Extract<Answer, { type: "head" }>;
type Body = ReadableStream<Uint8Array<ArrayBuffer>>;

/** Statuses whose responses have no body (the Fetch standard's "null body status", but 101). */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** Content codings that browsers undo, by the names that their streams have. A worker's answer is taken as it is. */
const CODINGS: Readonly<Record<string, CompressionFormat>> = {
  gzip: "gzip",
  "x-gzip": "gzip",
  deflate: "deflate",
};

/** An answer as a browser wants it from a service worker. `method` is the request's. */
export function toResponse(head: Head, body: Body, method: string): Response {
  const headers = new Headers(head.headers.map(([name, value]): [string, string] => [name, value]));
  allowFraming(headers);
  const { status } = head;
  const init = { status, statusText: head.reason, headers };
  if (WITHOUT_BODY.has(status) || method === "HEAD") return new Response(null, init);
  return new Response(decoded(headers, body), init);
}

/** The preview shows every page in a frame, and is the only one who could. */
function allowFraming(headers: Headers): void {
  headers.delete("X-Frame-Options");
  const policy = headers.get("Content-Security-Policy");
  if (policy === null) return;
  const kept = policy.replaceAll(/(^|[;,])\s*frame-ancestors[^;,]*/gi, "$1");
  headers.set("Content-Security-Policy", kept);
}

function decoded(headers: Headers, body: Body): Body {
  const coding = CODINGS[headers.get("Content-Encoding")?.trim().toLowerCase() ?? ""];
  if (coding === undefined) return body;
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  return body.pipeThrough(new DecompressionStream(coding));
}
