import { ContainerFiles } from "../container/container-files.ts";
import { ContainerIndex } from "../container/container-index.ts";
import { type Daemon, LiveContainers, type Log } from "../daemon/daemon.ts";
import { EventBus } from "../daemon/events.ts";
import { restoreContainers } from "../daemon/restore.ts";
import type { Settings } from "../daemon/settings.ts";
import { StatsCollector } from "../daemon/stats-collector.ts";
import { ENGINE_VERSION } from "../daemon/version.ts";
import { ImageStore } from "../image/image-store.ts";
import { LayerStore } from "../image/layer-store.ts";
import { Puller } from "../image/pull.ts";
import { ReferenceStore } from "../image/reference-store.ts";
import { RegistryClient } from "../image/registry-client.ts";
import { Sandboxes } from "../network/sandbox.ts";
import { CgroupTree } from "../runtime/cgroup.ts";
import { SeccompPrograms } from "../runtime/seccomp/programs.ts";
import { Shims } from "../runtime/shim.ts";
import { Resolver } from "../sys/resolver.ts";
import type { Sys } from "../sys/sys.ts";
import { VolumeStore } from "../volume/volume-store.ts";

/** The platform of the images that we run: a 64-bit kernel runs them too. */
const PLATFORM = { os: "linux", architecture: "386" } as const;

/** The engine's id, which a restored machine may get anew: it is read each time. */
function engineId(sys: Sys, root: string): () => string {
  const path = `${root}/engine-id`;
  if (!sys.files.exists(path)) {
    const hex = sys.bytes.randomHex(16);
    const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    sys.files.writeAtomic(path, id);
  }
  return () => sys.files.readText(path).trim();
}

/** Builds the daemon on its data root and takes up what an earlier one has left. */
export async function openDaemon(sys: Sys, settings: Settings, log: Log): Promise<Daemon> {
  const { dataRoot, execRoot } = settings;
  sys.files.makeDirectories(dataRoot, 0o710);
  sys.files.makeDirectories(`${execRoot}/shim`, 0o711);
  const layers = new LayerStore(sys, dataRoot);
  const images = new ImageStore(sys, dataRoot, layers, problem => log("error", problem));
  const references = new ReferenceStore(sys.files, dataRoot);
  const client = new RegistryClient(sys, new Resolver(sys), `docker/${ENGINE_VERSION} (linux)`);
  const registry = {
    mirrors: settings.registryMirrors,
    parallelDownloads: settings.maxConcurrentDownloads,
  };
  const daemon: Daemon = {
    sys,
    settings,
    log,
    id: engineId(sys, dataRoot),
    platform: PLATFORM,
    layers,
    images,
    references,
    puller: new Puller(sys, { layers, images, references }, client, registry, dataRoot),
    containers: new ContainerIndex(),
    containerFiles: new ContainerFiles(sys.files, dataRoot),
    live: new LiveContainers(),
    execs: new Map(),
    shims: new Shims(sys, settings.shim),
    cgroups: CgroupTree.open(sys.files, settings.cgroupParent),
    seccomp: new SeccompPrograms(sys.machine().release),
    sandboxes: new Sandboxes(sys, execRoot),
    volumes: new VolumeStore(sys, dataRoot, problem => log("error", problem)),
    stats: new StatsCollector(sys.clock),
    events: new EventBus(sys.clock),
  };
  await restoreContainers(daemon);
  return daemon;
}
