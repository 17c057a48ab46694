import type { VolumeRequest } from "../volume/volume-store.ts";
import type { Volume } from "../volume/volume.ts";
import type { Daemon } from "./daemon.ts";
import { publishVolumeEvent } from "./volume-events.ts";

/** Makes a volume, or returns the one of that name. Throws in Docker's words where it can't be. */
export function createVolume(daemon: Daemon, request: VolumeRequest): Volume {
  const { volume, created } = daemon.volumes.create(request);
  if (created) publishVolumeEvent(daemon, "create", volume);
  return volume;
}
