import { EngineError } from "../base/errors.ts";
import type { Container } from "../container/container.ts";
import type { WritableLayer } from "../image/layer-store.ts";
import { followLinks } from "../runtime/rootfs-path.ts";
import type { FileView } from "../sys/views.ts";
import { claimVolume } from "./container-volumes.ts";
import type { Daemon } from "./daemon.ts";
import type { MountPlan, PlannedMount } from "./mount-points.ts";
import { populateVolume } from "./populate-volumes.ts";

/** Who holds a container's root file system while it is being made. */
const HOLDER = "create";

function checkPlace(rootfs: FileView, layer: WritableLayer, destination: string): void {
  const path = followLinks(rootfs, destination);
  const info = rootfs.stat(path);
  if (!info || info.kind === "directory") return;
  throw new EngineError(
    "system",
    `cannot mount volume over existing file, file exists ${layer.merged}${path}`,
  );
}

async function fill(
  daemon: Daemon,
  container: Container,
  planned: readonly PlannedMount[],
  rootfs: FileView,
): Promise<void> {
  for (const { mount, copyUp } of planned)
    if (copyUp) {
      const claimed = container.mountPoints[mount.Destination] ?? mount;
      await populateVolume(daemon, container, rootfs, claimed);
    }
}

/**
 * Gives a new container its mount points: makes the volumes, and fills those that are empty from the image. What
 * exists when it throws is in the container's mount points.
 */
export async function makeMounts(
  daemon: Daemon,
  container: Container,
  layer: WritableLayer,
  plan: MountPlan,
): Promise<void> {
  const planned = plan.all();
  const own = plan.ownVolumes();
  if (own.length > 0) daemon.containerFiles.noteVolumes(container.id, own);
  const claim = (one: PlannedMount): void => {
    const mount = claimVolume(daemon, container.id, one);
    container.mountPoints = { ...container.mountPoints, [mount.Destination]: mount };
  };
  if (!planned.some(({ copyUp, directoryOnly }) => copyUp || directoryOnly)) {
    planned.forEach(claim);
    return;
  }
  daemon.layers.mount(layer, HOLDER);
  try {
    const rootfs = daemon.sys.views.open(layer.merged, []);
    try {
      for (const one of planned) {
        if (one.directoryOnly) checkPlace(rootfs, layer, one.mount.Destination);
        claim(one);
      }
      await fill(daemon, container, planned, rootfs);
    } finally {
      rootfs.close();
    }
  } finally {
    daemon.layers.unmount(layer, HOLDER);
  }
}
