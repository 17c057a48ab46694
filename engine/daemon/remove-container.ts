import { EngineError, kindOf, messageOf } from "../base/errors.ts";
import { SIGKILL } from "../base/signals.ts";
import type { Container } from "../container/container.ts";
import { isRunning, transition } from "../container/state.ts";
import { releaseVolumes } from "./container-volumes.ts";
import { type Daemon, publishContainerEvent, saveState } from "./daemon.ts";
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
  try {
    while (!(await live.mutex.run(() => removeUnlessRunning(daemon, container, options.volumes))))
      if (options.force) await killToRemove(daemon, container);
      else throw new EngineError("conflict", refusal(container));
  } catch (error) {
    // The daemon's quotation of names is Go's %q, which is JSON's for what a name may hold.
    const message = `cannot remove container ${JSON.stringify(name)}: ${messageOf(error)}`;
    throw new EngineError(kindOf(error), message, { cause: error });
  }
}

/** False where it runs, perhaps because it was started while we waited for our turn. */
function removeUnlessRunning(daemon: Daemon, container: Container, volumes: boolean): boolean {
  if (isRunning(container.state.status)) return false;
  removeLocked(daemon, container, volumes);
  return true;
}

async function killToRemove(daemon: Daemon, container: Container): Promise<void> {
  const exit = daemon.live.of(container).nextExit();
  sendSignal(daemon, container, SIGKILL);
  await exit;
}

function refusal({ state }: Container): string {
  return state.status === "paused"
    ? "container is paused and must be unpaused first"
    : `container is ${state.status}: stop the container before removing or force remove`;
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
  const live = daemon.live.of(container);
  container.state = transition(container.state, "remove");
  saveState(daemon, container); // a crash from here on ends in the removal's completion
  try {
    daemon.layers.removeWritable(container.id);
    releaseVolumes(daemon, container, volumes);
    daemon.containerFiles.remove(container.id);
  } catch (error) {
    container.state = transition(container.state, "bury");
    saveState(daemon, container);
    live.announceRemoval({ exitCode: container.state.exitCode, error: messageOf(error) });
    throw error;
  }
  daemon.containers.remove(container);
  for (const exec of live.execs) daemon.execs.delete(exec);
  daemon.live.remove(container);
  publishContainerEvent(daemon, container, "destroy");
  live.announceRemoval({ exitCode: container.state.exitCode, error: "" });
}
