import { type Daemon, publishContainerEvent } from "./daemon.ts";
import { requireRunning } from "./kill-container.ts";

/** Sets the size of a container's terminal. Throws "conflict" where it does not run. */
export async function resizeContainer(
  daemon: Daemon,
  name: string,
  rows: number,
  columns: number,
): Promise<void> {
  const container = daemon.containers.find(name);
  requireRunning(container);
  await daemon.live.of(container).shim?.resize(rows, columns);
  publishContainerEvent(daemon, container, "resize", { height: `${rows}`, width: `${columns}` });
}
