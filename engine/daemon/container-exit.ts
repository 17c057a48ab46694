import { messageOf } from "../base/errors.ts";
import type { Container } from "../container/container.ts";
import { hasProcess, transition } from "../container/state.ts";
import { type ProcessExit, type Shim, UNSEEN_EXIT } from "../runtime/shim.ts";
import { type Daemon, publishContainerEvent, saveState } from "./daemon.ts";
import { removeLocked } from "./remove-container.ts";

/** Waits for the end of a container's process, and deals with it. */
export function superviseContainer(daemon: Daemon, container: Container, shim: Shim): void {
  const { mutex } = daemon.live.of(container);
  awaitExit(daemon, shim)
    .then(exit => mutex.run(() => handleExit(daemon, container, shim, exit)))
    .catch(error => daemon.log("error", `the end of container ${container.id}: ${messageOf(error)}`));
}

/** How a shim's process ended; where that cannot be read, it is reported, and the process has ended all the same. */
export async function awaitExit(daemon: Daemon, shim: Shim): Promise<ProcessExit> {
  try {
    return await shim.exited;
  } catch (error) {
    daemon.log("error", `how the process of ${shim.directory} ended: ${messageOf(error)}`);
    return UNSEEN_EXIT;
  }
}

/** RFC 3339 from nanoseconds in decimal digits, or now where they are unknown. */
export function exitTime(daemon: Daemon, timeNs: string): string {
  if (timeNs === "") return daemon.sys.clock.timestamp();
  const seconds = Number(timeNs.slice(0, -9));
  const text = new Date(seconds * 1000).toISOString().slice(0, 19);
  return `${text}.${timeNs.slice(-9)}`.replace(/\.?0+$/, "").concat("Z");
}

/** Removes what a shim has left, or reports why that can't be. */
export function cleanUpShim(daemon: Daemon, shim: Shim): void {
  try {
    shim.cleanUp();
  } catch (error) {
    daemon.log("error", `failed to clean up ${shim.directory}: ${messageOf(error)}`);
  }
}

function handleExit(daemon: Daemon, container: Container, shim: Shim, exit: ProcessExit): void {
  const live = daemon.live.of(container);
  if (live.shim !== shim) return; // it was started again, or is gone, while we waited
  const cgroup = daemon.cgroups.group(container.id);
  const oomKilled = cgroup.outOfMemory();
  live.shim = null;
  container.state = transition(container.state, "exit", {
    pid: 0,
    exitCode: exit.code,
    oomKilled,
    finishedAt: exitTime(daemon, exit.timeNs),
  });
  saveState(daemon, container); // before the shim's own note of it goes
  releaseResources(daemon, container);
  cleanUpShim(daemon, shim);
  if (oomKilled) publishContainerEvent(daemon, container, "oom");
  const started = Date.parse(container.state.startedAt);
  const seconds = Math.max(0, Math.floor((daemon.sys.clock.now() - started) / 1000));
  publishContainerEvent(daemon, container, "die", { exitCode: `${exit.code}`, execDuration: `${seconds}` });
  live.announceExit({ exitCode: exit.code, error: "" });
  if (container.hostConfig.AutoRemove) removeLocked(daemon, container);
}

/**
 * Gives back what a running container holds: its cgroup, network namespace and mounts. What cannot be given back is
 * reported: those who wait for the container must hear of its end all the same.
 */
export function releaseResources(daemon: Daemon, container: Container): void {
  const attempt = (release: () => void): void => {
    try {
      release();
    } catch (error) {
      daemon.log("error", `failed to clean up after container ${container.id}: ${messageOf(error)}`);
    }
  };
  // Processes of `--pid host`, or of an exec, may outlive the first one.
  attempt(() =>
    daemon.cgroups.group(container.id).clear(daemon.sys.clock, () => hasProcess(container.state.status)),
  );
  attempt(() => daemon.sandboxes.remove(container.id));
  attempt(() => {
    const layer = daemon.layers.writable(container.id);
    if (layer) daemon.layers.unmount(layer);
  });
  const live = daemon.live.of(container);
  const { volumes } = live;
  live.volumes = null;
  attempt(() => volumes?.release());
}
