import { type RequestListener, type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Where to listen. */
export interface ServeOptions {
  readonly host: string;
  /** The port to try first; 0 takes any free one. */
  readonly port: number;
  /** How many ports to try, each one above the last. */
  readonly tries: number;
}

/** A server that answers. */
export interface RunningServer {
  /** The address for a browser on this computer, with a slash at the end. */
  readonly url: string;
  /** Stops it at once: open connections end too. */
  close(): Promise<void>;
}

const ANY_HOST: ReadonlySet<string> = new Set(["0.0.0.0", "::", "127.0.0.1"]);

/** Starts a server on the first port that is free; rejects with the system's error when none is. */
export async function serve(listener: RequestListener, options: ServeOptions): Promise<RunningServer> {
  const { host, tries } = options;
  for (let port = options.port; ; port++) {
    const server = createServer(listener);
    try {
      await listen(server, host, port);
      return running(server, host);
    } catch (error) {
      if (!isPortTaken(error) || port + 1 >= options.port + tries) throw error;
    }
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

function running(server: Server, host: string): RunningServer {
  const { port } = addressOf(server);
  const name = ANY_HOST.has(host) ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${name}:${port}/`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close(error => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server listens on no port");
  return address;
}
