import { assert } from "../base/errors.ts";
import type { Container } from "../container/container.ts";
import { MountFlag } from "../sys/kernel.ts";
import type { FileView } from "../sys/views.ts";
import { containerBinds } from "./container-mounts.ts";
import { mountVolumes } from "./container-volumes.ts";
import type { Daemon } from "./daemon.ts";

/** A container's files while somebody works on them from outside. */
export interface ContainerFilesView {
  readonly files: FileView;
  close(): void;
}

/**
 * Shows a container's root file system with its binds and volumes over it, whether it runs or not. They are mounted for
 * this view alone; what the container itself has mounted, its tmpfs too, is not seen.
 */
export function openFilesView(daemon: Daemon, container: Container): ContainerFilesView {
  const layer = daemon.layers.writable(container.id);
  assert(layer, `the writable layer of container ${container.id}`);
  const holder = `view ${daemon.sys.bytes.randomHex(4)}`;
  const volumes = mountVolumes(daemon, container);
  const release = (): void => {
    daemon.layers.unmount(layer, holder);
    volumes.release();
  };
  try {
    daemon.layers.mount(layer, holder);
    const separate = MountFlag.private | MountFlag.recursive;
    const binds = containerBinds(daemon, container).map(bind => ({ ...bind, propagation: separate }));
    const files = daemon.sys.views.open(layer.merged, binds);
    return {
      files,
      close: () => {
        files.close();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}
