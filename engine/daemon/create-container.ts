import { EngineError } from "../base/errors.ts";
import type { ContainerConfig, HostConfig } from "../container/config.ts";
import { Container } from "../container/container.ts";
import { checkName } from "../container/container-index.ts";
import { randomName } from "../container/random-name.ts";
import { formatPlatform, type Platform } from "../image/manifest.ts";
import type { Image } from "../image/image-store.ts";
import { checkConfig, commandOf, completeHostConfig, mergeConfig } from "./container-config.ts";
import { releaseVolumes } from "./container-volumes.ts";
import { type Daemon, publishContainerEvent } from "./daemon.ts";
import { makeMounts } from "./make-mounts.ts";
import { checkMounts, type MountPlan, planMounts } from "./mount-points.ts";
import { resolveImage } from "./resolve-image.ts";

/** What a container is to be. */
export interface CreateRequest {
  /** Empty for a random one. */
  readonly name: string;
  /** The platform that the image must have; null for any. */
  readonly platform: Platform | null;
  readonly config: Partial<ContainerConfig>;
  readonly hostConfig: Partial<HostConfig>;
}

const NAME_ATTEMPTS = 6;

function chooseName(daemon: Daemon, asked: string, id: string): string {
  if (asked !== "") {
    checkName(asked);
    daemon.containers.checkFree(asked);
    return asked;
  }
  for (let attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
    const name = randomName(daemon.sys.bytes.randomHex(4), attempt);
    if (!daemon.containers.isTaken(name)) return name;
  }
  return id.slice(0, 12);
}

function checkPlatform(image: Image, wanted: Platform | null, name: string): void {
  if (!wanted) return;
  const { os, architecture } = image.config;
  if (os === wanted.os && architecture === wanted.architecture) return;
  throw new EngineError(
    "not-found",
    `image with reference ${name} was found but its platform (${formatPlatform(image.config)}) does not match ` +
      `the specified platform (${formatPlatform(wanted)})`,
  );
}

/** Makes a container from an image. Nothing of it is left when that fails, but for volumes that have a name. */
export async function createContainer(
  daemon: Daemon,
  request: CreateRequest,
): Promise<{ id: string; warnings: string[] }> {
  const imageName = request.config.Image ?? "";
  const image = resolveImage(daemon, imageName);
  checkPlatform(image, request.platform, imageName);
  const { hostConfig, warnings } = completeHostConfig(daemon, request.hostConfig);
  const id = daemon.sys.bytes.randomHex(32);
  const config = mergeConfig(request.config, image.config.config ?? {}, id);
  checkConfig(config);
  checkMounts(daemon, hostConfig);
  const { path, args } = commandOf(config);
  const container = new Container({
    id,
    name: chooseName(daemon, request.name, id),
    created: daemon.sys.clock.timestamp(),
    imageId: image.id,
    path,
    args,
    config,
    hostConfig,
  });
  const plan = planMounts(daemon, config, hostConfig);
  daemon.containers.add(container);
  // Who finds the container from here on, and wants to start or remove it, waits until it is complete.
  await daemon.live.add(container).mutex.run(() => build(daemon, container, image, plan));
  publishContainerEvent(daemon, container, "create");
  return { id, warnings };
}

async function build(daemon: Daemon, container: Container, image: Image, plan: MountPlan): Promise<void> {
  const { id } = container;
  try {
    const layer = daemon.layers.createWritable(id, image.top);
    await makeMounts(daemon, container, layer, plan);
    daemon.containerFiles.create(container);
    daemon.containerFiles.forgetVolumes(id);
  } catch (error) {
    daemon.containers.remove(container);
    daemon.live.remove(container);
    releaseVolumes(daemon, container, true);
    daemon.layers.removeWritable(id);
    daemon.containerFiles.remove(id);
    daemon.containerFiles.forgetVolumes(id);
    throw error;
  }
}
