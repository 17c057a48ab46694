import { messageOf } from "../base/errors.ts";
import { compareTimestamps, parseTimestamp } from "../base/timestamp.ts";
import type { Container } from "../container/container.ts";
import { hasProcess, transition } from "../container/state.ts";
import { readExit } from "../runtime/shim.ts";
import { exitTime, releaseResources, superviseContainer } from "./container-exit.ts";
import { adoptVolumes, useVolumes } from "./container-volumes.ts";
import { type Daemon, saveState } from "./daemon.ts";
import { removeLocked } from "./remove-container.ts";
import { shimDirectory } from "./start-container.ts";

const LOST = 255; // the exit code of a process that ended while nobody was there to see

/**
 * Takes up what an earlier daemon has left: adopts containers whose shims still run, notes how the others ended,
 * finishes removals, and clears away what belongs to nothing.
 */
export async function restoreContainers(daemon: Daemon): Promise<void> {
  for (const container of load(daemon)) {
    try {
      daemon.containers.add(container);
      daemon.live.add(container);
      useVolumes(daemon, container);
    } catch (error) {
      daemon.log("error", `failed to load container ${container.id}: ${messageOf(error)}`);
    }
  }
  undoCreations(daemon);
  for (const container of daemon.containers.all()) {
    try {
      await restore(daemon, container);
    } catch (error) {
      daemon.log("error", `failed to restore container ${container.id}: ${messageOf(error)}`);
    }
  }
  clearOrphans(daemon);
}

/** A daemon that died half-way through something has left parts that nothing else knows of. */
function clearOrphans(daemon: Daemon): void {
  const alive = daemon.containers.all().filter(isAlive);
  const ids = new Set(alive.map(({ id }) => id));
  for (const id of daemon.cgroups.names()) if (!ids.has(id)) daemon.cgroups.group(id).clear(daemon.sys.clock);
  for (const id of daemon.sys.files.list(shimDirectory(daemon, "")))
    if (!ids.has(id)) daemon.sys.files.removeTree(shimDirectory(daemon, id));
  daemon.sandboxes.collectGarbage([...ids]);
  for (const container of daemon.containers.all()) {
    const layer = ids.has(container.id) ? undefined : daemon.layers.writable(container.id);
    if (layer) daemon.layers.unmount(layer);
  }
  const nameless = [...daemon.references.all()].filter(({ id }) => !daemon.images.get(id));
  daemon.references.remove(...nameless.map(({ reference }) => reference));
  // Containers that could not be read keep their layers.
  daemon.layers.collectGarbage(daemon.containerFiles.ids(), problem => daemon.log("error", problem));
  daemon.volumes.collectGarbage();
}

function isAlive(container: Container): boolean {
  return hasProcess(container.state.status);
}

/** Removes the volumes of containers that a daemon was making when it died. */
function undoCreations(daemon: Daemon): void {
  for (const [id, volumes] of daemon.containerFiles.abandonedVolumes()) {
    try {
      for (const name of volumes) {
        const volume = daemon.volumes.get(name);
        if (volume) daemon.volumes.remove(volume);
      }
      daemon.containerFiles.forgetVolumes(id);
    } catch (error) {
      daemon.log("error", `failed to remove what was made for container ${id}: ${messageOf(error)}`);
    }
  }
}

/** All that can be read, in the order of their making. What can't is reported, and its directory kept. */
function load(daemon: Daemon): Container[] {
  const found: Container[] = [];
  for (const id of daemon.containerFiles.ids()) {
    try {
      found.push(daemon.containerFiles.load(id));
    } catch (error) {
      daemon.log("error", `failed to load container ${id}: ${String(error)}`);
    }
  }
  return found.toSorted((a, b) => compareTimestamps(parseTimestamp(a.created), parseTimestamp(b.created)));
}

async function restore(daemon: Daemon, container: Container): Promise<void> {
  const { status } = container.state;
  if (status === "removing" || status === "dead") {
    removeLocked(daemon, container);
    return;
  }
  if (!hasProcess(status) && status !== "restarting") return;
  const live = daemon.live.of(container);
  const directory = shimDirectory(daemon, container.id);
  const shim = await daemon.shims.adopt(directory);
  if (shim) {
    live.shim = shim;
    live.layer = daemon.layers.writable(container.id) ?? null;
    if (live.layer) daemon.layers.mount(live.layer);
    live.volumes = adoptVolumes(daemon, container);
    daemon.log("info", `container ${container.id} is still running; adopted`);
    superviseContainer(daemon, container, shim);
    return;
  }
  const exit = readExit(daemon.sys.files, directory);
  container.state = transition(container.state, "exit", {
    pid: 0,
    exitCode: exit?.code ?? LOST,
    finishedAt: exitTime(daemon, exit?.timeNs ?? ""),
  });
  saveState(daemon, container); // before the shim's own note of it goes
  releaseResources(daemon, container);
  daemon.sys.files.removeTree(directory);
  if (container.hostConfig.AutoRemove) removeLocked(daemon, container);
}
