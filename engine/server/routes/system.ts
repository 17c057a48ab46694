import type { EventMessage, SystemInfo, SystemVersion } from "../../api/system.ts";
import type { Filters } from "../../base/filters.ts";
import type { Route } from "../router.ts";

/** What these routes need of the engine. */
export interface SystemBackend {
  version(): SystemVersion;
  info(): SystemInfo;
  /**
   * Calls back for each event that matches, the past ones in the window first, until it is closed or the window
   * has ended; then calls `ended`. `since` and `until` are as the API has them, empty where not given.
   */
  watchEvents(
    selection: { since: string; until: string; filters: Filters },
    deliver: (event: EventMessage) => void,
    ended: () => void,
  ): { close(): void };
}

const ping: Route["handle"] = async (_, response) => {
  response.header("Builder-Version", "1");
  response.header("Cache-Control", "no-cache, no-store, must-revalidate");
  response.header("Pragma", "no-cache");
  response.header("Swarm", "inactive");
  await response.text("OK");
};

export function systemRoutes(backend: SystemBackend): Route[] {
  return [
    { method: "GET", pattern: "/_ping", handle: ping },
    { method: "HEAD", pattern: "/_ping", handle: ping },
    { method: "GET", pattern: "/version", handle: (_, response) => response.json(backend.version()) },
    { method: "GET", pattern: "/info", handle: (_, response) => response.json(backend.info()) },
    {
      method: "GET",
      pattern: "/events",
      handle: async (request, response) => {
        const filters = request.filters();
        const stream = await response.stream();
        await new Promise<void>(resolve => {
          const selection = { since: request.query("since"), until: request.query("until"), filters };
          const watch = backend.watchEvents(
            selection,
            event => void stream.write(`${JSON.stringify(event)}\n`).catch(() => {}),
            resolve,
          );
          request.onDisconnect(() => {
            watch.close();
            resolve();
          });
        });
        await stream.end().catch(() => {}); // the client may be gone
      },
    },
  ];
}
