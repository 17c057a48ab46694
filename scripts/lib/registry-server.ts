import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { registrySite } from "../../web/machine/internet/registry-site.ts";
import type { Site } from "../../web/machine/internet/site.ts";
import { folderSource } from "./hub-files.ts";
import { HUB_FILES } from "./paths.ts";

/** A registry on a port of this machine. */
export interface RegistryServer {
  readonly url: string;
  /** Hangs up on everybody. */
  close(): void;
}

/** Serves the hub's images, as the sandbox internet does to a guest. */
export async function startRegistry(): Promise<RegistryServer> {
  const site = registrySite(folderSource(HUB_FILES));
  const server = createServer((request, response) => void answer(site, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the registry has no port");
  return address.port;
}

async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = "GET", url: path = "/" } = request;
  const { status, headers, body } = await site({
    method,
    path,
    query: "",
    headers: new Map(),
    body: new Uint8Array(),
  });
  const length = body instanceof Uint8Array ? body.length : body.size;
  response.writeHead(status, [...headers.flat(), "Content-Length", `${length}`]);
  if (body instanceof Uint8Array) response.end(body);
  else await pipeline(body.pieces, response).catch(() => {}); // the engine may hang up when it has enough
}
