import type {
  NetworkConnectRequest,
  NetworkCreateRequest,
  NetworkDisconnectRequest,
  NetworkInspect,
  NetworkPruneReport,
} from "../../api/network.ts";
import type { Filters } from "../../base/filters.ts";
import type { Route } from "../router.ts";

/** What these routes need of the engine. Errors are the engine's own. */
export interface NetworkBackend {
  list(filters: Filters): readonly NetworkInspect[];
  inspect(name: string): NetworkInspect;
  /** Returns the new network's id. */
  create(request: NetworkCreateRequest): Promise<string>;
  remove(name: string): Promise<void>;
  connect(name: string, request: NetworkConnectRequest): Promise<void>;
  disconnect(name: string, request: NetworkDisconnectRequest): Promise<void>;
  prune(filters: Filters): Promise<NetworkPruneReport>;
}

export function networkRoutes(backend: NetworkBackend): Route[] {
  const list: Route["handle"] = (request, response) => response.json(backend.list(request.filters()));
  return [
    { method: "GET", pattern: "/networks", handle: list },
    { method: "GET", pattern: "/networks/", handle: list },
    {
      method: "POST",
      pattern: "/networks/create",
      handle: async (request, response) => {
        const id = await backend.create(await request.json<NetworkCreateRequest>());
        await response.json({ Id: id, Warning: "" }, 201);
      },
    },
    {
      method: "POST",
      pattern: "/networks/prune",
      handle: async (request, response) => response.json(await backend.prune(request.filters())),
    },
    {
      method: "GET",
      pattern: "/networks/{id}",
      handle: (request, response) => response.json(backend.inspect(request.parameter)),
    },
    {
      method: "DELETE",
      pattern: "/networks/{id}",
      handle: async (request, response) => {
        await backend.remove(request.parameter);
        await response.empty();
      },
    },
    {
      method: "POST",
      pattern: "/networks/{id}/connect",
      handle: async (request, response) => {
        await backend.connect(request.parameter, await request.json<NetworkConnectRequest>());
        await response.empty(200);
      },
    },
    {
      method: "POST",
      pattern: "/networks/{id}/disconnect",
      handle: async (request, response) => {
        await backend.disconnect(request.parameter, await request.json<NetworkDisconnectRequest>());
        await response.empty(200);
      },
    },
  ];
}
