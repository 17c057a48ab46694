import type { Daemon } from "./daemon.ts";
import { publishVolumeEvent } from "./volume-events.ts";

/**
 * Removes a volume with its files. Throws "not-found" where there is none, unless `force` is set, and "conflict" while
 * a container uses it.
 */
export function removeVolume(daemon: Daemon, name: string, force: boolean): void {
  if (force && !daemon.volumes.get(name)) return;
  const volume = daemon.volumes.find(name);
  daemon.volumes.remove(volume);
  publishVolumeEvent(daemon, "destroy", volume);
}
