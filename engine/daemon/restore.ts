import type { Container } from "../container/container.ts";
import { hasProcess, transition } from "../container/state.ts";
import { readExit } from "../runtime/shim.ts";
import { exitTime, releaseResources, superviseContainer } from "./container-exit.ts";
import { adoptVolumes, useVolumes } from "./container-volumes.ts";
import type { Daemon } from "./daemon.ts";
import { removeLocked } from "./remove-container.ts";
import { shimDirectory } from "./start-container.ts";

const LOST = 255; // the exit code of a process that ended while nobody was there to see

/**
 * Takes up what an earlier daemon has left: adopts containers whose shims still run, notes how the others ended,
 * finishes removals, and clears away what belongs to nothing.
 */
export async function restoreContainers(daemon: Daemon): Promise<void> {
  for (const container of load(daemon)) {
    daemon.live.add(container);
    daemon.containers.add(container);
    daemon.layers.adoptWritable(container.id);
    useVolumes(daemon, container);
  }
  for (const container of daemon.containers.all()) await restore(daemon, container);
  clearOrphans(daemon);
}

/** A daemon that died while it started a container has left parts that no container knows of. */
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
  daemon.layers.collectGarbage(new Set(daemon.containerFiles.ids()));
  daemon.volumes.collectGarbage();
}

function isAlive(container: Container): boolean {
  return hasProcess(container.state.status);
}

/** Takes back a container that a daemon was making when it died. Returns whether there was one. */
function undoCreation(daemon: Daemon, id: string): boolean {
  const begun = daemon.containerFiles.begun(id);
  for (const name of begun?.volumes ?? []) {
    const volume = daemon.volumes.get(name);
    if (volume) daemon.volumes.remove(volume);
  }
  if (begun) daemon.containerFiles.remove(id);
  return begun !== null;
}

/** All that can be read, in the order of their making. What can't is reported, and its directory kept. */
function load(daemon: Daemon): Container[] {
  const found: Container[] = [];
  for (const id of daemon.containerFiles.ids()) {
    if (undoCreation(daemon, id)) continue;
    try {
      found.push(daemon.containerFiles.load(id));
    } catch (error) {
      daemon.log("error", `failed to load container ${id}: ${String(error)}`);
    }
  }
  return found.toSorted((a, b) => (a.created < b.created ? -1 : 1));
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
  releaseResources(daemon, container);
  daemon.sys.files.removeTree(directory);
  container.state = transition(container.state, "exit", {
    pid: 0,
    exitCode: exit?.code ?? LOST,
    finishedAt: exitTime(daemon, exit?.timeNs ?? ""),
  });
  daemon.containerFiles.save(container);
  if (container.hostConfig.AutoRemove) removeLocked(daemon, container);
}
