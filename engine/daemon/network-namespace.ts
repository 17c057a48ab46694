import { EngineError, kindOf, messageOf } from "../base/errors.ts";
import type { Container } from "../container/container.ts";
import { sharedContainer } from "../container/networking.ts";
import { hasProcess } from "../container/state.ts";
import type { NamespaceChoice } from "../runtime/process-spec.ts";
import { serveNames } from "./container-names.ts";
import type { Daemon } from "./daemon.ts";
import { joinNetworks } from "./join-networks.ts";

/** What Docker calls the host's own namespace. */
const HOST_SANDBOX = "default";

/** The running container whose namespace another one shares. Throws in Docker's words where it can't be shared. */
function networkedContainer(daemon: Daemon, container: Container, wanted: string): Container {
  let other: Container;
  try {
    other = daemon.containers.find(wanted);
  } catch (error) {
    const kind = kindOf(error) === "not-found" ? "system" : kindOf(error);
    const message = `joining network namespace of container: ${messageOf(error)}`;
    throw new EngineError(kind, message, { cause: error });
  }
  if (other === container) throw new EngineError("system", "cannot join own network namespace");
  if (hasProcess(other.state.status)) return other;
  const what = `container ${other.name} is ${other.state.status}`;
  throw new EngineError("conflict", `cannot join network namespace of a non running container: ${what}`);
}

/** The network namespace for a container that is about to start, connected to its networks. */
export async function prepareNamespace(daemon: Daemon, container: Container): Promise<NamespaceChoice> {
  const { NetworkMode: mode } = container.hostConfig;
  const shared = sharedContainer(mode);
  if (shared !== null) {
    const other = networkedContainer(daemon, container, shared);
    container.config.Hostname = other.config.Hostname;
    container.config.Domainname = other.config.Domainname;
    return { path: `/proc/${other.state.pid}/ns/net` };
  }
  if (mode === "host") {
    await joinNetworks(daemon, container, daemon.sandboxes.path(HOST_SANDBOX));
    return "host";
  }
  const path = daemon.sandboxes.create(container.id);
  await joinNetworks(daemon, container, path);
  serveNames(daemon, container);
  return { path };
}
