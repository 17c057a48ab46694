import { EngineError } from "../base/errors.ts";
import { parseSignal, SIGKILL, SIGTERM } from "../base/signals.ts";
import type { Container } from "../container/container.ts";
import { hasProcess } from "../container/state.ts";
import { type Daemon, publishContainerEvent } from "./daemon.ts";
import { sendSignal } from "./kill-container.ts";
import { startLocked } from "./start-container.ts";

const DEFAULT_TIMEOUT_S = 10;

export interface StopOptions {
  /** Empty for the container's own. */
  readonly signal: string;
  /** Seconds before SIGKILL; negative waits for ever; undefined means the container's own. */
  readonly timeout: number | undefined;
}

/** Asks a container's process to end, and kills it when it doesn't. Throws "not-modified" where none runs. */
export async function stopContainer(daemon: Daemon, name: string, options: StopOptions): Promise<void> {
  const container = daemon.containers.find(name);
  if (!hasProcess(container.state.status))
    throw new EngineError("not-modified", "container is already stopped");
  await stopProcess(daemon, container, options);
}

/** The same for a container that has a process. */
export async function stopProcess(daemon: Daemon, container: Container, options: StopOptions): Promise<void> {
  const live = daemon.live.of(container);
  const signalText = options.signal || container.config.StopSignal;
  const signal = signalText ? parseSignal(signalText) : SIGTERM;
  const timeout = options.timeout ?? container.config.StopTimeout ?? DEFAULT_TIMEOUT_S;
  container.manuallyStopped = true;
  const exited = live.nextExit();
  sendSignal(daemon, container, signal);
  const timer =
    timeout < 0
      ? null
      : daemon.sys.clock.after(timeout * 1000, () => {
          if (hasProcess(container.state.status)) sendSignal(daemon, container, SIGKILL);
        });
  await exited;
  timer?.dispose();
  publishContainerEvent(daemon, container, "stop");
}

/** Stops a container where it runs, and starts it again. */
export async function restartContainer(daemon: Daemon, name: string, options: StopOptions): Promise<void> {
  const container = daemon.containers.find(name);
  if (hasProcess(container.state.status)) await stopProcess(daemon, container, options);
  await daemon.live.of(container).mutex.run(() => startLocked(daemon, container));
  publishContainerEvent(daemon, container, "restart");
}
