import type {
  VolumeCreateRequest,
  VolumeInspect,
  VolumesPruneResponse,
  VolumesResponse,
} from "../../api/volume.ts";
import { EngineError } from "../../base/errors.ts";
import type { Filters } from "../../base/filters.ts";
import type { Route } from "../router.ts";

/** What these routes need of the engine. */
export interface VolumeBackend {
  list(filters: Filters): VolumesResponse;
  inspect(name: string): VolumeInspect;
  create(body: Partial<VolumeCreateRequest>): VolumeInspect;
  remove(name: string, force: boolean): void;
  prune(filters: Filters): VolumesPruneResponse;
}

export function volumeRoutes(backend: VolumeBackend): Route[] {
  return [
    {
      method: "GET",
      pattern: "/volumes",
      handle: (request, response) => response.json(backend.list(request.filters())),
    },
    {
      method: "GET",
      pattern: "/volumes/{id}",
      handle: (request, response) => response.json(backend.inspect(request.parameter)),
    },
    {
      method: "POST",
      pattern: "/volumes/create",
      handle: async (request, response) => {
        await response.json(backend.create(await request.json<VolumeCreateRequest>()), 201);
      },
    },
    {
      method: "POST",
      pattern: "/volumes/prune",
      handle: (request, response) => response.json(backend.prune(request.filters())),
    },
    {
      method: "PUT",
      pattern: "/volumes/{id}",
      handle: () => {
        throw new EngineError(
          "unavailable",
          "volume update only valid for cluster volumes, but swarm is unavailable",
        );
      },
    },
    {
      method: "DELETE",
      pattern: "/volumes/{id}",
      handle: async (request, response) => {
        backend.remove(request.parameter, request.flag("force"));
        await response.empty();
      },
    },
  ];
}
