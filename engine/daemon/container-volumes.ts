import { messageOf, EngineError } from "../base/errors.ts";
import type { Container } from "../container/container.ts";
import { isAnonymous, type MountPoint } from "../container/mount-point.ts";
import { LOCAL_DRIVER, type Volume } from "../volume/volume.ts";
import { createVolume } from "./create-volume.ts";
import type { Daemon } from "./daemon.ts";
import type { PlannedMount } from "./mount-points.ts";
import { publishVolumeEvent } from "./volume-events.ts";

/**
 * Makes the volume of a planned mount, or finds it, and notes that the container uses it. Returns the mount point with
 * what is known now.
 */
export function claimVolume(daemon: Daemon, containerId: string, planned: PlannedMount): MountPoint {
  const { mount } = planned;
  if (mount.Type !== "volume") return mount;
  const volume = planned.volume ? createVolume(daemon, planned.volume) : daemon.volumes.find(mount.Name);
  daemon.volumes.use(volume.name, containerId);
  return { ...mount, Source: volume.path, Driver: LOCAL_DRIVER };
}

/** Notes which volumes a container uses, after a restart. */
export function useVolumes(daemon: Daemon, container: Container): void {
  for (const mount of Object.values(container.mountPoints))
    if (mount.Type === "volume" && daemon.volumes.get(mount.Name))
      daemon.volumes.use(mount.Name, container.id);
}

/** Mounts that are held until they are given back. */
export interface HeldVolumes {
  release(): void;
}

function hold(daemon: Daemon, container: Container, volumes: Volume[]): HeldVolumes {
  return {
    release: () => {
      for (const volume of volumes.splice(0)) {
        daemon.volumes.unmount(volume);
        publishVolumeEvent(daemon, "unmount", volume, { container: container.id });
      }
    },
  };
}

/** Makes the files of a container's volumes appear. Throws in Docker's words where one is gone or can't be mounted. */
export function mountVolumes(daemon: Daemon, container: Container): HeldVolumes {
  const mounted: Volume[] = [];
  const held = hold(daemon, container, mounted);
  try {
    for (const mount of Object.values(container.mountPoints)) {
      if (mount.Type !== "volume") continue;
      const volume = daemon.volumes.find(mount.Name);
      mountOne(daemon, volume);
      mounted.push(volume);
      publishVolumeEvent(daemon, "mount", volume, {
        container: container.id,
        destination: mount.Destination,
        "read/write": `${mount.RW}`,
        propagation: mount.Propagation,
      });
    }
  } catch (error) {
    held.release();
    throw error;
  }
  return held;
}

function mountOne(daemon: Daemon, volume: Volume): void {
  try {
    daemon.volumes.mount(volume);
  } catch (error) {
    throw new EngineError("system", `error while mounting volume '${volume.path}': ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** Takes up the mounts that a container which still runs holds since an earlier daemon. */
export function adoptVolumes(daemon: Daemon, container: Container): HeldVolumes {
  const held: Volume[] = [];
  for (const mount of Object.values(container.mountPoints)) {
    const volume = mount.Type === "volume" ? daemon.volumes.get(mount.Name) : undefined;
    if (!volume) continue;
    daemon.volumes.adoptMount(volume);
    held.push(volume);
  }
  return hold(daemon, container, held);
}

/**
 * Gives up a container's volumes; those that were made for it alone are removed where that is asked for and nobody
 * else uses them. Volumes that can't be removed are reported, and stay.
 */
export function releaseVolumes(daemon: Daemon, container: Container, remove: boolean): void {
  for (const mount of Object.values(container.mountPoints)) {
    const volume = mount.Type === "volume" ? daemon.volumes.get(mount.Name) : undefined;
    if (!volume) continue;
    daemon.volumes.release(volume.name, container.id);
    if (!remove || !isAnonymous(mount) || daemon.volumes.users(volume).length > 0) continue;
    try {
      daemon.volumes.remove(volume);
      publishVolumeEvent(daemon, "destroy", volume);
    } catch (error) {
      daemon.log("error", `Error removing volumes:\n${messageOf(error)}`);
    }
  }
}
