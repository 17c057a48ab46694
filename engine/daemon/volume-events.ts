import { LOCAL_DRIVER, type Volume } from "../volume/volume.ts";
import type { Daemon } from "./daemon.ts";
import type { EventAttributes } from "./events.ts";

/** Tells what happens to a volume: "create", "mount", "unmount" or "destroy". */
export function publishVolumeEvent(
  daemon: Daemon,
  action: string,
  volume: Volume,
  attributes: EventAttributes = {},
): void {
  daemon.events.publish("volume", action, volume.name, { driver: LOCAL_DRIVER, ...attributes });
}
