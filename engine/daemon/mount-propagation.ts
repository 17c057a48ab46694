import { EngineError } from "../base/errors.ts";
import type { Container } from "../container/container.ts";
import { followLinks } from "../runtime/rootfs-path.ts";
import { MountFlag } from "../sys/kernel.ts";
import { mountOf, mountTable } from "../sys/mount-table.ts";
import type { BindMount } from "../sys/views.ts";
import type { Daemon } from "./daemon.ts";

function spreads(propagation: readonly string[], kinds: readonly string[]): boolean {
  return propagation.some(entry => kinds.some(kind => entry.startsWith(`${kind}:`)));
}

/** Whether Docker itself, and not the user, chose the propagation: then the kernel's default does as well. */
function isOwnChoice(daemon: Daemon, container: Container, bind: BindMount): boolean {
  const root = daemon.settings.dataRoot;
  if (!bind.source.startsWith(root) && !root.startsWith(bind.source)) return false;
  return !container.mountPoints[bind.target]?.Spec.BindOptions?.Propagation;
}

/** Throws "system" in Docker's words where mounts can't spread as asked, because those below the source don't. */
export function checkPropagation(daemon: Daemon, container: Container, binds: readonly BindMount[]): void {
  const { files } = daemon.sys;
  const spreading = binds.filter(({ propagation }) => propagation & (MountFlag.shared | MountFlag.slave));
  if (spreading.length === 0) return;
  const table = mountTable(files);
  for (const bind of spreading) {
    const isShared = (bind.propagation & MountFlag.shared) !== 0;
    const mount = mountOf(table, followLinks(files, bind.source));
    const kinds = isShared ? ["shared"] : ["shared", "master"];
    if (spreads(mount?.propagation ?? [], kinds) || isOwnChoice(daemon, container, bind)) continue;
    const wanted = isShared ? "a shared mount" : "a shared or slave mount";
    throw new EngineError(
      "system",
      `path ${bind.source} is mounted on ${mount?.path ?? "/"} but it is not ${wanted}`,
    );
  }
}
