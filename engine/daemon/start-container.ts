import { EngineError } from "../base/errors.ts";
import type { Container } from "../container/container.ts";
import { allows, transition } from "../container/state.ts";
import { cloneFlags, containerSteps } from "../runtime/container-steps.ts";
import type { Program, ProgramRecord } from "../runtime/program.ts";
import { type Shim, StepError } from "../runtime/shim.ts";
import { releaseResources, superviseContainer } from "./container-exit.ts";
import { cgroupLimits, containerSpec } from "./container-spec.ts";
import { mountVolumes } from "./container-volumes.ts";
import { type Daemon, publishContainerEvent, saveState } from "./daemon.ts";
import { writeNetworkFiles } from "./network-files.ts";
import { removeLocked } from "./remove-container.ts";
import { containerStartFailure } from "./start-failure.ts";

/** Starts a container's process. Throws "not-modified" where it runs already, or why it can't. */
export async function startContainer(daemon: Daemon, name: string): Promise<void> {
  const container = daemon.containers.find(name);
  await daemon.live.of(container).mutex.run(() => startLocked(daemon, container));
}

/** The same, for callers that hold the container's mutex. */
export async function startLocked(daemon: Daemon, container: Container): Promise<void> {
  const { status } = container.state;
  if (status === "paused")
    throw new EngineError("conflict", "cannot start a paused container, try unpause instead");
  if (status === "running") throw new EngineError("not-modified", "container is already running");
  if (!allows(status, "start"))
    throw new EngineError("conflict", "container is marked for removal and cannot be started");
  let shim: Shim;
  try {
    shim = await launch(daemon, container);
  } catch (error) {
    throw failStart(daemon, container, error);
  }
  daemon.live.of(container).shim = shim;
  container.state = transition(container.state, "start", {
    pid: shim.pid,
    startedAt: daemon.sys.clock.timestamp(),
    exitCode: 0,
    error: "",
    oomKilled: false,
  });
  container.hasStarted = true;
  container.manuallyStopped = false;
  superviseContainer(daemon, container, shim);
  saveState(daemon, container);
  publishContainerEvent(daemon, container, "start");
}

/** Where the shim of a container keeps its state. */
export function shimDirectory(daemon: Daemon, containerId: string): string {
  return `${daemon.settings.execRoot}/shim/${containerId}`;
}

/** Mounts, makes the namespaces and the cgroup, and hands the rest to a shim. */
async function launch(daemon: Daemon, container: Container): Promise<Shim> {
  const live = daemon.live.of(container);
  const { config } = container;
  const layer = daemon.layers.writable(container.id);
  if (!layer) throw new EngineError("system", `the writable layer of container ${container.id} is missing`);
  live.layer = layer;
  daemon.layers.mount(layer);
  live.volumes = mountVolumes(daemon, container);
  writeNetworkFiles(daemon, container);
  const network = daemon.sandboxes.create(container.id);
  const cgroup = daemon.cgroups.group(container.id);
  cgroup.create();
  cgroup.apply(cgroupLimits(container.hostConfig));
  const spec = containerSpec(daemon, container, layer.merged, network);
  const program: Program = {
    settings: [
      ["clone", cloneFlags(spec.namespaces)],
      ["cgroup", cgroup.path],
      ...logSetting(daemon, container),
    ],
    steps: containerSteps(spec),
  };
  const directory = shimDirectory(daemon, container.id);
  daemon.sys.files.removeTree(directory);
  const pending = live.pending.splice(0);
  try {
    return await daemon.shims.start(directory, container.id, {
      program,
      tty: config.Tty,
      openStdin: config.OpenStdin,
      stdinOnce: config.StdinOnce,
      attachments: pending.map(({ attachment }) => attachment),
    });
  } finally {
    for (const client of pending) client.release();
  }
}

function logSetting(daemon: Daemon, container: Container): ProgramRecord[] {
  const { Type, Config } = container.hostConfig.LogConfig;
  if (Type !== "json-file") return [];
  const size = Config["max-size"] ?? "0";
  return [["log", daemon.containerFiles.logPath(container.id), size, Config["max-file"] ?? "1"]];
}

/** Cleans up after a start that failed, and notes why. Returns what to throw. */
function failStart(daemon: Daemon, container: Container, error: unknown): unknown {
  const { error: reported, exitCode } =
    error instanceof StepError ? containerStartFailure(error) : { error, exitCode: 128 };
  releaseResources(daemon, container);
  daemon.sys.files.removeTree(shimDirectory(daemon, container.id));
  for (const client of daemon.live.of(container).pending.splice(0)) client.release();
  const message = reported instanceof Error ? reported.message : String(reported);
  container.state = transition(container.state, "fail", { exitCode, error: message });
  saveState(daemon, container);
  if (container.hostConfig.AutoRemove) removeLocked(daemon, container);
  return reported;
}
