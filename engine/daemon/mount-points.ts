import { EngineError } from "../base/errors.ts";
import { cleanPath } from "../base/paths.ts";
import type { ContainerConfig, HostConfig } from "../container/config.ts";
import {
  isAnonymous,
  type MountConfig,
  type MountPoint,
  type MountPoints,
} from "../container/mount-point.ts";
import {
  checkBindSource,
  checkDestination,
  copiesUp,
  mountPointOf,
  parseBind,
  parseVolumesFrom,
} from "../container/parse-mount.ts";
import type { VolumeRequest } from "../volume/volume-store.ts";
import type { Daemon } from "./daemon.ts";

/** A mount point of a container that is being made. */
export interface PlannedMount {
  readonly mount: MountPoint;
  /** The volume to be made for it, where it takes one that may not be there yet. */
  readonly volume: VolumeRequest | null;
  /** Whether the image's files belong into it, while it is empty. */
  readonly copyUp: boolean;
  /** Whether it must not cover a file of the image. */
  readonly directoryOnly: boolean;
}

/** The mount points of a container by destination, in the order in which they were asked for. */
export class MountPlan {
  readonly #planned = new Map<string, PlannedMount>();

  all(): PlannedMount[] {
    return [...this.#planned.values()];
  }

  has(destination: string): boolean {
    return this.#planned.has(destination);
  }

  /** What was planned for the destination before counts no more. */
  set(planned: PlannedMount): void {
    this.#planned.delete(planned.mount.Destination);
    this.#planned.set(planned.mount.Destination, planned);
  }

  /** The names of the volumes that exist for this container alone. */
  ownVolumes(): string[] {
    return this.all()
      .filter(({ mount, volume }) => volume !== null && isAnonymous(mount))
      .map(({ mount }) => mount.Name);
  }

  mountPoints(): MountPoints {
    return Object.fromEntries(this.all().map(({ mount }) => [mount.Destination, mount]));
  }
}

/** Throws "invalid" in Docker's words where a host configuration asks for mounts that can't be. */
export function checkMounts(daemon: Daemon, hostConfig: HostConfig): void {
  const { files } = daemon.sys;
  for (const destination of Object.keys(hostConfig.Tmpfs ?? {})) checkDestination(destination);
  for (const config of hostConfig.Mounts ?? []) {
    mountPointOf(config);
    checkBindSource(config, path => files.stat(path, true) !== null);
  }
}

function duplicate(destination: string): EngineError {
  return new EngineError("invalid", `Duplicate mount point: ${destination}`);
}

/**
 * A bind mount that shows the daemon's own directory must let go of what the daemon unmounts, or container file systems
 * could not be removed (Docker's rule, which goes by prefixes).
 */
function followDaemonRoot(daemon: Daemon, mount: MountPoint): MountPoint {
  const root = daemon.settings.dataRoot;
  const source = mount.Spec.Source ?? "";
  if (mount.Type !== "bind" || !(source.startsWith(root) || root.startsWith(source))) return mount;
  const asked = mount.Spec.BindOptions?.Propagation ?? "";
  if (asked === "") return { ...mount, Propagation: "rslave" };
  if (asked === "rslave" || asked === "rshared") return mount;
  throw new EngineError(
    "invalid",
    'invalid mount config: must use either propagation mode "rslave" or "rshared" when mount source is within the ' +
      `daemon root, daemon root: ${JSON.stringify(root)}, bind mount source: ${JSON.stringify(source)}, ` +
      `propagation: ${JSON.stringify(asked)}`,
  );
}

/** A volume for a mount point; one without a name gets one now, so that it can be noted before it is made. */
function planVolume(daemon: Daemon, mount: MountPoint, config: MountConfig): PlannedMount {
  const options = config.VolumeOptions;
  const name = mount.Name || daemon.volumes.randomName();
  const volume = {
    name,
    driver: mount.Driver,
    options: options?.DriverConfig?.Options ?? null,
    labels: options?.Labels ?? null,
    anonymous: mount.Name === "",
  };
  return { mount: { ...mount, Name: name }, volume, copyUp: copiesUp(mount), directoryOnly: false };
}

/** An anonymous volume, such as an image declares. */
function planAnonymous(daemon: Daemon, destination: string, driver: string): PlannedMount {
  const Spec = { Type: "volume", Target: destination };
  const mount: MountPoint = {
    Type: "volume",
    Source: "",
    Destination: destination,
    RW: true,
    Name: "",
    Driver: driver,
    Propagation: "",
    Spec,
    SkipMountpointCreation: false,
  };
  return { ...planVolume(daemon, mount, Spec), directoryOnly: true };
}

/** The mounts of another container, which come without what it was asked to copy or to relabel. */
function addVolumesFrom(daemon: Daemon, plan: MountPlan, spec: string): void {
  const { container, writable } = parseVolumesFrom(spec);
  let other;
  try {
    other = daemon.containers.find(container);
  } catch (error) {
    throw error instanceof EngineError ? new EngineError("invalid", error.message, { cause: error }) : error;
  }
  for (const { Relabel: _, ...mount } of Object.values(other.mountPoints))
    plan.set({
      mount: { ...mount, RW: mount.RW && writable, SkipMountpointCreation: false },
      volume: null,
      copyUp: false,
      directoryOnly: false,
    });
}

/**
 * Decides what a container mounts where: the mounts of other containers, over them `Binds`, then `Mounts`, then the
 * volumes of its configuration where nothing is yet. Throws in Docker's words; nothing is made.
 */
export function planMounts(daemon: Daemon, config: ContainerConfig, hostConfig: HostConfig): MountPlan {
  const plan = new MountPlan();
  const asked = new Set<string>();
  for (const spec of hostConfig.VolumesFrom ?? []) addVolumesFrom(daemon, plan, spec);
  for (const raw of hostConfig.Binds ?? []) {
    const mount = followDaemonRoot(daemon, parseBind(raw, hostConfig.VolumeDriver));
    const { Destination } = mount;
    if (asked.has(Destination) || hostConfig.Tmpfs?.[Destination] !== undefined) throw duplicate(Destination);
    asked.add(Destination);
    plan.set(plannedMount(daemon, mount));
  }
  for (const spec of hostConfig.Mounts ?? []) {
    const mount = followDaemonRoot(daemon, mountPointOf(spec));
    if (asked.has(mount.Destination)) throw duplicate(spec.Target ?? "");
    asked.add(mount.Destination);
    plan.set(plannedMount(daemon, mount));
  }
  for (const path of Object.keys(config.Volumes ?? {})) {
    const destination = cleanPath(path);
    if (!plan.has(destination) && hostConfig.Tmpfs?.[destination] === undefined)
      plan.set(planAnonymous(daemon, destination, hostConfig.VolumeDriver));
  }
  return plan;
}

/** Docker shares the security label of volumes ("z") unless told otherwise, and says so where there are no labels. */
function plannedMount(daemon: Daemon, mount: MountPoint): PlannedMount {
  if (mount.Type !== "volume") return { mount, volume: null, copyUp: false, directoryOnly: false };
  return planVolume(daemon, { ...mount, Relabel: mount.Relabel ?? "z" }, mount.Spec);
}
