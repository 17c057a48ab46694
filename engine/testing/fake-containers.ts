import type { ContainerConfig, HostConfig } from "../container/config.ts";
import type { Container } from "../container/container.ts";
import { createContainer } from "../daemon/create-container.ts";
import { startContainer } from "../daemon/start-container.ts";
import { CGROUP_ROOT, EXEC_ROOT, type FakeDaemon } from "./fake-daemon.ts";
import type { FakeShim } from "./fake-shim.ts";

/** A container that was made and started, with the shim that its process runs in. */
export interface Running {
  readonly container: Container;
  readonly shim: FakeShim;
}

/** Makes a container from the image "base" that would run `app`, or from what `config` says. */
export async function create(
  { daemon }: FakeDaemon,
  name: string,
  hostConfig: Partial<HostConfig> = {},
  config: Partial<ContainerConfig> = {},
): Promise<Container> {
  const request = { Image: "base", Cmd: ["app"], ...config };
  const { id } = await createContainer(daemon, { name, platform: null, config: request, hostConfig });
  return daemon.containers.find(id);
}

/** Makes and starts one. */
export async function run(
  fake: FakeDaemon,
  name: string,
  hostConfig: Partial<HostConfig> = {},
  config: Partial<ContainerConfig> = {},
): Promise<Running> {
  const container = await create(fake, name, hostConfig, config);
  await startContainer(fake.daemon, name);
  return { container, shim: fake.shims.latest };
}

/** Ends a container's process and waits until the daemon has dealt with it. */
export async function exit(
  { daemon }: FakeDaemon,
  { container, shim }: Running,
  code: number,
): Promise<void> {
  const exited = daemon.live.of(container).nextExit();
  shim.exit(code);
  await exited;
}

/** What running containers hold of the system. */
export function held({ sys }: FakeDaemon): Record<string, number> {
  const groups = sys.files.list(CGROUP_ROOT).filter(name => /^[0-9a-f]{64}$/.test(name));
  return {
    mounts: sys.mounts.mounted.length,
    views: sys.views.count,
    networks: sys.files.list(`${EXEC_ROOT}/netns`).length,
    cgroups: groups.length,
    shims: sys.files.list(`${EXEC_ROOT}/shim`).length,
    descriptors: sys.sockets.descriptors.count,
  };
}

/** What is held when nothing runs. */
export const NOTHING_HELD = { mounts: 0, views: 0, networks: 0, cgroups: 0, shims: 0, descriptors: 0 };

/** The actions of all events so far. */
export function actions({ daemon }: FakeDaemon): string[] {
  return daemon.events.past().map(({ Action }) => Action);
}

/** A container as it was written down. */
export function reload({ daemon }: FakeDaemon, container: Container): Container {
  return daemon.containerFiles.load(container.id);
}
