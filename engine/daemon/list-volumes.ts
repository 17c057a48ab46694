import type { VolumeInspect } from "../api/volume.ts";
import { type Filters, hasLabel, matchesText } from "../base/filters.ts";
import { LOCAL_DRIVER, type Volume } from "../volume/volume.ts";
import type { Daemon } from "./daemon.ts";

const KEYS = ["dangling", "driver", "label", "name"];

/** A volume as the API shows it. */
export function volumeView(volume: Volume): VolumeInspect {
  return {
    CreatedAt: volume.createdAt.replace(/\.\d+/, ""),
    Driver: LOCAL_DRIVER,
    Labels: volume.labels,
    Mountpoint: volume.path,
    Name: volume.name,
    Options: volume.options,
    Scope: "local",
  };
}

/** Volumes that pass the filters; dangling ones are those that no container uses. */
export function listVolumes(daemon: Daemon, filters: Filters): VolumeInspect[] {
  filters.checkKeys(KEYS);
  const dangling = filters.flag("dangling");
  return daemon.volumes
    .list()
    .filter(
      volume =>
        filters.some("driver", wanted => wanted === LOCAL_DRIVER) &&
        filters.some("name", wanted => matchesText(volume.name, wanted)) &&
        filters.every("label", wanted => hasLabel(volume.labels, wanted)) &&
        (dangling === undefined || dangling === (daemon.volumes.users(volume).length === 0)),
    )
    .map(volumeView);
}
