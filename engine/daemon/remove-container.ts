import { EngineError } from "../base/errors.ts";
import type { Container } from "../container/container.ts";
import { isRunning, transition } from "../container/state.ts";
import { SIGKILL } from "../base/signals.ts";
import { releaseVolumes } from "./container-volumes.ts";
import { type Daemon, publishContainerEvent } from "./daemon.ts";
import { sendSignal } from "./kill-container.ts";

/** Removes a container with its files. Throws "conflict" where it runs and `force` is not set. */
export async function removeContainer(
  daemon: Daemon,
  name: string,
  options: { readonly force: boolean; readonly volumes: boolean },
): Promise<void> {
  const container = daemon.containers.find(name);
  if (container.state.status === "removing")
    throw new EngineError("conflict", `removal of container ${name} is already in progress`);
  const live = daemon.live.of(container);
  if (isRunning(container.state.status)) {
    if (!options.force) throw new EngineError("conflict", refusal(name, container));
    const exit = live.nextExit();
    sendSignal(daemon, container, SIGKILL);
    await exit;
  }
  await live.mutex.run(() => removeLocked(daemon, container, options.volumes));
}

/** The daemon's quotation of names is Go's %q, which is JSON's for what a name may hold. */
function refusal(name: string, container: Container): string {
  const reason =
    container.state.status === "paused"
      ? "container is paused and must be unpaused first"
      : `container is ${container.state.status}: stop the container before removing or force remove`;
  return `cannot remove container ${JSON.stringify(name)}: ${reason}`;
}

/**
 * For callers that hold the mutex; a container that was removed meanwhile is fine. `volumes` takes its anonymous
 * volumes away too; by default as its removal was begun, or where it was to be removed at its end.
 */
export function removeLocked(
  daemon: Daemon,
  container: Container,
  volumes = container.removesVolumes || container.hostConfig.AutoRemove,
): void {
  if (!daemon.containers.has(container)) return;
  container.removesVolumes = volumes;
  container.state = transition(container.state, "remove");
  daemon.containerFiles.save(container); // a crash from here on ends in the removal's completion
  try {
    daemon.layers.removeWritable(container.id);
    releaseVolumes(daemon, container, volumes);
    daemon.containerFiles.remove(container.id);
  } catch (error) {
    container.state = transition(container.state, "bury");
    daemon.containerFiles.save(container);
    throw error;
  }
  daemon.containers.remove(container);
  const live = daemon.live.of(container);
  for (const exec of live.execs) daemon.execs.delete(exec);
  daemon.live.remove(container);
  publishContainerEvent(daemon, container, "destroy");
  live.announceRemoval({ exitCode: container.state.exitCode, error: "" });
}
