import { DIST } from "../../scripts/lib/paths.ts";
import { type RunningServer, serve } from "../../scripts/serve/site-server.ts";
import { staticFiles } from "../../scripts/serve/static-files.ts";

/** Not the root: the page must work wherever it lies. */
const PATH = "/some/where/";

/** The built site on a plain static server. */
export interface TestSite {
  /** The page's address. */
  readonly url: string;
  /** With a slash at the end. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves dist/ below {@link PATH}, on any port. */
export async function serveSite(): Promise<TestSite> {
  const server: RunningServer = await serve(staticFiles([{ path: PATH, directory: DIST }]), {
    host: "127.0.0.1",
    port: 0,
    tries: 1,
  });
  return { url: new URL(PATH, server.url).href, origin: server.url, close: () => server.close() };
}
