import type { ContainerConfig, HostConfig } from "./config.ts";
import type { MountPoints } from "./mount-point.ts";
import { type ContainerState, createdState } from "./state.ts";

/** A container as the engine keeps it. */
export class Container {
  readonly id: string;
  /** Without the slash in front. */
  name: string;
  /** RFC 3339. */
  readonly created: string;
  /** The image's id, "sha256:...". */
  readonly imageId: string;
  /** The program and its arguments, from entrypoint and command. */
  readonly path: string;
  readonly args: readonly string[];
  readonly config: ContainerConfig;
  hostConfig: HostConfig;
  mountPoints: MountPoints = {};
  state: ContainerState = createdState;
  restartCount = 0;
  /** By `docker stop`: then the restart policy leaves it alone. */
  manuallyStopped = false;
  /** Whether it has been started before. */
  hasStarted = false;
  /** Whether its anonymous volumes go with it, once its removal has begun. */
  removesVolumes = false;

  constructor(parts: {
    id: string;
    name: string;
    created: string;
    imageId: string;
    path: string;
    args: readonly string[];
    config: ContainerConfig;
    hostConfig: HostConfig;
  }) {
    this.id = parts.id;
    this.name = parts.name;
    this.created = parts.created;
    this.imageId = parts.imageId;
    this.path = parts.path;
    this.args = parts.args;
    this.config = parts.config;
    this.hostConfig = parts.hostConfig;
  }
}
