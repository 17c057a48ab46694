import { assert, EngineError } from "../base/errors.ts";
import { type ArchiveStream, archiveStream } from "./archive-stream.ts";
import { type Daemon, publishContainerEvent } from "./daemon.ts";

/**
 * Packs all files of a container's root file system; what lies in volumes is not among them. Throws "conflict" while
 * the container is on its way out. The caller closes the archive.
 */
export function exportContainer(daemon: Daemon, name: string): ArchiveStream {
  const container = daemon.containers.find(name);
  const { status } = container.state;
  if (status === "dead")
    throw new EngineError("conflict", `You cannot export container ${container.id} which is Dead`);
  if (status === "removing")
    throw new EngineError("conflict", `You cannot export container ${container.id} which is being removed`);
  const layer = daemon.layers.writable(container.id);
  assert(layer, `the writable layer of container ${container.id}`);
  const holder = `export ${daemon.sys.bytes.randomHex(4)}`;
  daemon.layers.mount(layer, holder);
  const release = (): void => daemon.layers.unmount(layer, holder);
  try {
    const packer = daemon.sys.bytes.createPacker(layer.merged, { whiteouts: false });
    publishContainerEvent(daemon, container, "export");
    return archiveStream(packer, daemon.sys.clock, release);
  } catch (error) {
    release();
    throw error;
  }
}
