import type { RequestListener } from "node:http";
import { PLACES } from "../../web/preview/places.ts";
import { DIST, PREVIEW_DIST } from "../lib/paths.ts";
import { type ServeOptions, serve } from "./site-server.ts";
import { staticFiles } from "./static-files.ts";

/** A playground and, on another port, the origins of its previews. */
export interface ServedPlayground {
  /** The playground's address. */
  readonly url: string;
  close(): Promise<void>;
}

/** A host name without its port, as browsers send it; the port only where it is not the usual one. */
const HOST = /^(?<name>[\w.-]+|\[[\da-f:]+\])(?::\d+)?$/i;
const LOCAL = "localhost";

/**
 * Serves the built site below `path`, and its previews on the next free port. Each of the two is told the other's
 * origin as a site's owner would write it into the files, but by the name that the browser has used.
 */
export async function servePlayground(options: ServeOptions, path = "/"): Promise<ServedPlayground> {
  let previewPort = "";
  const files = staticFiles([{ path, directory: DIST }]);
  const originsOf = (name: string): string[] =>
    previewHosts(name).map(host => `http://${host}:${previewPort}`);
  const site = await serve(withJson(`${path}preview.json`, originsOf, files), options);
  const { port, hostname } = new URL(site.url);
  const playgroundsOf = (name: string): string[] =>
    [hostname, ...playgroundHosts(name)].map(host => `http://${host}:${port}`);
  const previewFiles = staticFiles([{ path: "/", directory: PREVIEW_DIST }]);
  try {
    const preview = await serve(withJson(PLACES.playgrounds, playgroundsOf, previewFiles), options);
    previewPort = new URL(preview.url).port;
    const close = async (): Promise<void> => void (await Promise.all([site.close(), preview.close()]));
    return { url: new URL(path, site.url).href, close };
  } catch (error) {
    await site.close();
    throw error;
  }
}

/** Answers `path` with a list of origins for the name by which the server was called; leaves the rest to `listener`. */
function withJson(
  path: string,
  originsOf: (name: string) => readonly string[],
  listener: RequestListener,
): RequestListener {
  return (request, response) => {
    if (request.url !== path) return listener(request, response);
    const name = HOST.exec(request.headers.host ?? "")?.groups?.["name"] ?? LOCAL;
    response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-cache" });
    response.end(JSON.stringify({ origins: originsOf(name.toLowerCase()) }));
  };
}

/**
 * Where the previews of a playground at `name` may be. Most browsers take every name below `localhost` for this
 * computer; the plain name is for those that do not, and for those that keep workers off pages of another site.
 */
export function previewHosts(name: string): string[] {
  if (isLocal(name)) return [`{name}.${name}`, name];
  return name === "127.0.0.1" ? [`{name}.${LOCAL}`, name] : [name];
}

/** Whose previews may be at `name`: of the playground with the same name, or with what is left without its first label. */
export function playgroundHosts(name: string): string[] {
  if (!isLocal(name)) return [name];
  return [name, name.replace(/^[^.]+\./, ""), "127.0.0.1"];
}

function isLocal(name: string): boolean {
  return name === LOCAL || name.endsWith(`.${LOCAL}`);
}
