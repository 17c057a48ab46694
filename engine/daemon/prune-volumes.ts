import type { VolumesPruneResponse } from "../api/volume.ts";
import { EngineError, messageOf } from "../base/errors.ts";
import { type Filters, hasLabel } from "../base/filters.ts";
import { parseBoolean } from "../base/numbers.ts";
import { ANONYMOUS_LABEL, type Volume } from "../volume/volume.ts";
import type { Daemon } from "./daemon.ts";
import { publishVolumeEvent } from "./volume-events.ts";

const KEYS = ["all", "label", "label!"];

/** Whether volumes with names count too. */
function includesNamed(filters: Filters): boolean {
  const values = filters.get("all");
  if (values.length > 1)
    throw new EngineError(
      "invalid",
      `invalid filter 'all=[${values.join(" ")}]': only one value is expected`,
    );
  const [value] = values;
  if (value === undefined) return false;
  try {
    return parseBoolean(value);
  } catch (error) {
    throw new EngineError("invalid", `invalid filter 'all': ${messageOf(error)}`, { cause: error });
  }
}

function isChosen(volume: Volume, filters: Filters, named: boolean): boolean {
  return (
    Object.keys(volume.options ?? {}).length === 0 && // files that are elsewhere free nothing here
    (named || hasLabel(volume.labels, ANONYMOUS_LABEL)) &&
    filters.every("label", wanted => hasLabel(volume.labels, wanted)) &&
    !filters.get("label!").some(unwanted => hasLabel(volume.labels, unwanted))
  );
}

/** Removes volumes that no container uses: anonymous ones, or all. */
export function pruneVolumes(daemon: Daemon, filters: Filters): VolumesPruneResponse {
  filters.checkKeys(KEYS);
  const named = includesNamed(filters);
  const removed: string[] = [];
  let reclaimed = 0;
  for (const volume of daemon.volumes.list()) {
    if (daemon.volumes.users(volume).length > 0 || !isChosen(volume, filters, named)) continue;
    const size = daemon.volumes.size(volume);
    try {
      daemon.volumes.remove(volume);
    } catch (error) {
      daemon.log("warning", messageOf(error));
      continue;
    }
    publishVolumeEvent(daemon, "destroy", volume);
    removed.push(volume.name);
    reclaimed += size;
  }
  daemon.events.publish("volume", "prune", "", { reclaimed: `${reclaimed}` });
  return { VolumesDeleted: removed, SpaceReclaimed: reclaimed };
}
