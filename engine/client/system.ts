/** The Engine API's routes about the daemon itself. */
import type { SystemInfo, SystemVersion } from "../api/system.ts";
import type { HttpResponse } from "../sys/http/client.ts";
import type { FilterValues } from "./containers.ts";
import type { EngineClient } from "./engine-client.ts";
import { encodeFilters } from "./query.ts";

export function systemVersion(client: EngineClient): Promise<SystemVersion> {
  return client.json({ method: "GET", path: "/version" });
}

export function systemInfo(client: EngineClient): Promise<SystemInfo> {
  return client.json({ method: "GET", path: "/info" });
}

/** `since` and `until` in seconds since 1970, with a fraction, or empty. The body is one JSON value a line. */
export function watchEvents(
  client: EngineClient,
  options: { since: string; until: string; filters: FilterValues },
): Promise<HttpResponse> {
  const { since, until, filters } = options;
  return client.request({
    method: "GET",
    path: "/events",
    query: { since, until, filters: encodeFilters(filters) },
  });
}
