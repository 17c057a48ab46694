import { EngineError } from "../base/errors.ts";
import type { Container } from "../container/container.ts";
import type { Attachment } from "../runtime/shim.ts";
import { type Daemon, publishContainerEvent } from "./daemon.ts";

/** A client's connection, which the daemon gives up to the container's shim. */
export interface StreamClient {
  /** Its descriptor. */
  readonly fd: number;
  /** What it has sent already. */
  readonly early: Uint8Array;
  /** Called once the descriptor is not needed here any more. */
  readonly release: () => void;
}

export interface AttachOptions {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly detachKeys: Uint8Array;
}

/** Throws "conflict" where nobody can attach to the container. */
export function checkAttachable(container: Container, name: string): void {
  if (container.state.status === "paused")
    throw new EngineError("conflict", `container ${name} is paused, unpause the container before attach`);
  if (container.state.status === "restarting")
    throw new EngineError("conflict", `container ${name} is restarting, wait until the container is running`);
}

/** Joins a client to a container's streams, now or once it is started. */
export function attachContainer(
  daemon: Daemon,
  container: Container,
  client: StreamClient,
  options: AttachOptions,
): void {
  const live = daemon.live.of(container);
  const attachment: Attachment = {
    fd: client.fd,
    early: client.early,
    stdin: options.stdin && container.config.OpenStdin,
    stdout: options.stdout,
    stderr: options.stderr,
    detachKeys: options.detachKeys,
  };
  publishContainerEvent(daemon, container, "attach");
  if (!live.shim) {
    live.pending.push({ attachment, release: client.release });
    return;
  }
  void live.shim
    .attach(attachment)
    .then(end => {
      if (end === "detached") publishContainerEvent(daemon, container, "detach");
    })
    .catch(error => daemon.log("warning", `attach to container ${container.id}: ${String(error)}`));
  client.release();
}
