import { EngineError } from "../base/errors.ts";
import { baseName } from "../base/paths.ts";
import type { Container } from "../container/container.ts";
import type { MountPoint } from "../container/mount-point.ts";
import { followLinks } from "../runtime/rootfs-path.ts";
import { breathe } from "../sys/clock.ts";
import type { FileView } from "../sys/views.ts";
import type { Volume } from "../volume/volume.ts";
import { needsMount } from "../volume/volume-options.ts";
import type { Daemon } from "./daemon.ts";

/** Bytes that are copied before others get their turn. */
const SLICE = 4 * 1024 * 1024;

async function copyTree(daemon: Daemon, from: string, to: string): Promise<void> {
  const copy = daemon.sys.trees.copy(from, to);
  while (!copy.run(SLICE)) await breathe(daemon.sys.clock);
}

function isShared(daemon: Daemon, volume: Volume, container: Container): boolean {
  return daemon.volumes.users(volume).some(id => id !== container.id);
}

/**
 * Copies beside the volume's data and puts the copy in their place, so that no crash leaves half of it. That is not for
 * volumes which a container may have mounted already: it would go on with the old directory.
 */
async function copyStaged(daemon: Daemon, volume: Volume, container: Container, from: string): Promise<void> {
  const stage = daemon.volumes.openStage(volume);
  try {
    await copyTree(daemon, from, stage);
    if (isShared(daemon, volume, container)) await copyTree(daemon, stage, volume.path);
    else daemon.volumes.commitStage(volume);
  } finally {
    daemon.volumes.dropStage(volume);
  }
}

async function copyInPlace(daemon: Daemon, volume: Volume, subpath: string, from: string): Promise<void> {
  const view = daemon.sys.views.open(volume.path, []);
  try {
    const directory = view.openDirectory(subpath);
    if (!directory) return;
    try {
      if (daemon.sys.files.list(directory.path).length === 0) await copyTree(daemon, from, directory.path);
    } finally {
      directory.close();
    }
  } finally {
    view.close();
  }
}

/**
 * Copies the files that a container's image has at a mount into its volume, where that is empty: owners, modes,
 * attributes and links included. `rootfs` shows the image's files.
 */
export async function populateVolume(
  daemon: Daemon,
  container: Container,
  rootfs: FileView,
  mount: MountPoint,
): Promise<void> {
  const source = followLinks(rootfs, mount.Destination);
  const info = rootfs.stat(source);
  if (!info) return;
  const volume = daemon.volumes.find(mount.Name);
  daemon.volumes.mount(volume);
  try {
    if (daemon.sys.files.list(volume.path).length > 0 && !mount.Spec.VolumeOptions?.Subpath) return;
    const from = rootfs.openDirectory(source);
    if (!from) throw new EngineError("system", `source ${baseName(source)} is not directory`);
    try {
      const subpath = mount.Spec.VolumeOptions?.Subpath ?? "";
      if (subpath !== "" || needsMount(volume.options) || isShared(daemon, volume, container))
        await copyInPlace(daemon, volume, subpath, from.path);
      else await copyStaged(daemon, volume, container, from.path);
    } finally {
      from.close();
    }
  } finally {
    daemon.volumes.unmount(volume);
  }
}
