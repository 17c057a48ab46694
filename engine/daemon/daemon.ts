import { assert, messageOf } from "../base/errors.ts";
import type { Container } from "../container/container.ts";
import type { ContainerFiles } from "../container/container-files.ts";
import type { ContainerIndex } from "../container/container-index.ts";
import type { ImageStore } from "../image/image-store.ts";
import type { LayerStore } from "../image/layer-store.ts";
import type { Puller } from "../image/pull.ts";
import type { Platform } from "../image/manifest.ts";
import type { ReferenceStore } from "../image/reference-store.ts";
import type { CgroupTree } from "../runtime/cgroup.ts";
import type { SeccompPrograms } from "../runtime/seccomp/programs.ts";
import type { Shims } from "../runtime/shim.ts";
import type { Sandboxes } from "../network/sandbox.ts";
import type { Sys } from "../sys/sys.ts";
import type { VolumeStore } from "../volume/volume-store.ts";
import type { EventBus } from "./events.ts";
import type { Exec } from "./exec.ts";
import { LiveContainer } from "./live-container.ts";
import type { Settings } from "./settings.ts";
import type { StatsCollector } from "./stats-collector.ts";

/** Writes one line of the daemon's log. */
export type Log = (level: "debug" | "info" | "warning" | "error", message: string) => void;

/** The parts that use cases work with. It has no behaviour of its own: each use case is a function in its file. */
export interface Daemon {
  readonly sys: Sys;
  readonly settings: Settings;
  readonly log: Log;
  /** The daemon's own id, for `docker info`. */
  readonly id: () => string;
  readonly platform: Platform;
  readonly layers: LayerStore;
  readonly images: ImageStore;
  readonly references: ReferenceStore;
  readonly puller: Puller;
  readonly containers: ContainerIndex;
  readonly containerFiles: ContainerFiles;
  readonly live: LiveContainers;
  readonly execs: Map<string, Exec>;
  readonly shims: Shims;
  readonly cgroups: CgroupTree;
  readonly seccomp: SeccompPrograms;
  readonly sandboxes: Sandboxes;
  readonly volumes: VolumeStore;
  readonly stats: StatsCollector;
  readonly events: EventBus;
}

/** The live half of every container. */
export class LiveContainers {
  readonly #live = new Map<string, LiveContainer>();

  add(container: Container): LiveContainer {
    const live = new LiveContainer();
    this.#live.set(container.id, live);
    return live;
  }

  of(container: Container): LiveContainer {
    const live = this.#live.get(container.id);
    assert(live, `the live half of container ${container.id}`);
    return live;
  }

  remove(container: Container): void {
    this.#live.delete(container.id);
  }
}

/**
 * Writes what has happened to a container. It has happened even where that fails, as on a full disk: then the next
 * daemon finds out for itself.
 */
export function saveState(daemon: Daemon, container: Container): void {
  try {
    daemon.containerFiles.save(container);
  } catch (error) {
    daemon.log("error", `failed to store container ${container.id}: ${messageOf(error)}`);
  }
}

/** What events say of a container: its labels, image and name, and what is given. */
export function publishContainerEvent(
  daemon: Daemon,
  container: Container,
  action: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
): void {
  daemon.events.publish(
    "container",
    action,
    container.id,
    { ...container.config.Labels, ...attributes, image: container.config.Image, name: container.name },
    true,
  );
}
