/** The Engine API's routes below /volumes. */
import type {
  VolumeCreateRequest,
  VolumeInspect,
  VolumesPruneResponse,
  VolumesResponse,
} from "../api/volume.ts";
import type { FilterValues } from "./containers.ts";
import type { EngineClient } from "./engine-client.ts";
import { encodeFilters } from "./query.ts";

function pathOf(volume: string): string {
  return `/volumes/${encodeURIComponent(volume)}`;
}

export async function listVolumes(client: EngineClient, filters?: FilterValues): Promise<VolumeInspect[]> {
  const query = { filters: filters && encodeFilters(filters) };
  const { Volumes: volumes }: VolumesResponse = await client.json({ method: "GET", path: "/volumes", query });
  return [...volumes];
}

export function createVolume(client: EngineClient, body: VolumeCreateRequest): Promise<VolumeInspect> {
  return client.json({ method: "POST", path: "/volumes/create", body });
}

/** As JSON text, for those who show it as it is. */
export function inspectVolumeText(client: EngineClient, volume: string): Promise<string> {
  return client.text({ method: "GET", path: pathOf(volume) });
}

export function removeVolume(client: EngineClient, volume: string, force: boolean): Promise<void> {
  return client.send({ method: "DELETE", path: pathOf(volume), query: { force } });
}

export function pruneVolumes(client: EngineClient, filters: FilterValues): Promise<VolumesPruneResponse> {
  return client.json({
    method: "POST",
    path: "/volumes/prune",
    query: { filters: encodeFilters(filters) },
  });
}
