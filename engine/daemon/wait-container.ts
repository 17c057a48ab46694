import { EngineError } from "../base/errors.ts";
import { isRunning } from "../container/state.ts";
import type { Daemon } from "./daemon.ts";
import type { ContainerExit } from "./live-container.ts";

/**
 * Waits for a container: "not-running" ends at once where it does not run, "next-exit" at the next end of a
 * process, "removed" when it is gone. The name is looked up before this returns.
 */
export function waitContainer(daemon: Daemon, name: string, condition: string): Promise<ContainerExit> {
  const container = daemon.containers.find(name);
  const live = daemon.live.of(container);
  switch (condition) {
    case "":
    case "not-running":
      if (isRunning(container.state.status)) return live.nextExit();
      return Promise.resolve({ exitCode: container.state.exitCode, error: container.state.error });
    case "next-exit":
      return live.nextExit();
    case "removed":
      return live.removal();
    default:
      throw new EngineError("invalid", `invalid condition: "${condition}"`);
  }
}
