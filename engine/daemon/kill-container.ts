import { EngineError } from "../base/errors.ts";
import { parseSignal, SIGKILL } from "../base/signals.ts";
import type { Container } from "../container/container.ts";
import { hasProcess } from "../container/state.ts";
import { isSysError } from "../sys/files.ts";
import { type Daemon, publishContainerEvent } from "./daemon.ts";

/** Throws "conflict" where the container has no process. */
export function requireRunning(container: Container): void {
  if (!hasProcess(container.state.status))
    throw new EngineError("conflict", `container ${container.id} is not running`);
}

/** Sends a signal to a container's process; one that has just ended is fine. */
export function sendSignal(daemon: Daemon, container: Container, signal: number): void {
  requireRunning(container);
  try {
    daemon.sys.processes.kill(container.state.pid, signal);
  } catch (error) {
    if (!isSysError(error, "ESRCH")) throw error;
  }
  publishContainerEvent(daemon, container, "kill", { signal: `${signal}` });
}

/** `docker kill`: sends a signal, and for SIGKILL waits until the process has ended. */
export async function killContainer(daemon: Daemon, name: string, signalText: string): Promise<void> {
  const signal = signalText === "" ? SIGKILL : parseSignal(signalText);
  const container = daemon.containers.find(name);
  requireRunning(container);
  container.manuallyStopped = true;
  const exited = signal === SIGKILL ? daemon.live.of(container).nextExit() : null;
  sendSignal(daemon, container, signal);
  await exited;
}
