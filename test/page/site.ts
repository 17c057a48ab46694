import { servePlayground } from "../../scripts/serve/playground.ts";

/** Not the root: the page must work wherever it lies. */
const PATH = "/some/where/";

/** The built site on a plain static server, and its previews on another. */
export interface TestSite {
  /** The page's address. */
  readonly url: string;
  /** With a slash at the end. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves dist/ below {@link PATH}, on any port. */
export async function serveSite(): Promise<TestSite> {
  const server = await servePlayground({ host: "127.0.0.1", port: 0, tries: 1 }, PATH);
  return { url: server.url, origin: new URL("/", server.url).href, close: () => server.close() };
}
