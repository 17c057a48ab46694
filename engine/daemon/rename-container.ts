import { EngineError } from "../base/errors.ts";
import { checkName } from "../container/container-index.ts";
import { type Daemon, publishContainerEvent } from "./daemon.ts";
import { renameInNetworks } from "./join-networks.ts";

/** Gives a container another name. */
export function renameContainer(daemon: Daemon, oldName: string, newName: string): void {
  if (oldName === "" || newName === "")
    throw new EngineError("invalid", "Neither old nor new names may be empty");
  const container = daemon.containers.find(oldName);
  const name = newName.startsWith("/") ? newName.slice(1) : newName;
  if (container.name === name)
    throw new EngineError("invalid", "Renaming a container with the same name as its current name");
  checkName(name);
  const before = container.name;
  daemon.containers.rename(container, name);
  renameInNetworks(daemon, container);
  try {
    daemon.containerFiles.save(container);
  } catch (error) {
    daemon.containers.rename(container, before);
    renameInNetworks(daemon, container);
    throw error;
  }
  publishContainerEvent(daemon, container, "rename", { oldName: `/${before}` });
}
