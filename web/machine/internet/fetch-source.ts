import type { FileSource } from "./site.ts";

async function* pieces(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read())
    if (value) yield value;
}

/** Files below a URL of the page's own site. Their length is the server's word where it is not encoded. */
export function fetchSource(base: URL): FileSource {
  return {
    async open(path) {
      const response = await fetch(new URL(path, base));
      if (response.status === 404 || !response.body) return undefined;
      if (!response.ok) throw new Error(`${response.url}: HTTP ${response.status}`);
      return { size: Number(response.headers.get("content-length") ?? 0), pieces: pieces(response.body) };
    },
  };
}
