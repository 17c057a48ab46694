import { decodeText, encodeText } from "../../protocol/text.ts";
import type { Site } from "./site.ts";

/** A host that answers every request with what it has received, as JSON. */
export const echoSite: Site = async ({ method, path, query, headers, body }) => {
  const received = {
    method,
    path,
    query: Object.fromEntries(new URLSearchParams(query)),
    headers: Object.fromEntries(headers),
    body: decodeText(body),
  };
  return {
    status: 200,
    headers: [["Content-Type", "application/json"]],
    body: encodeText(`${JSON.stringify(received, null, 2)}\n`),
  };
};
