import { MachineError } from "../machine/machine-error.ts";
import type { SnapshotHeader } from "../machine/snapshot.ts";
import type { MachineBuild } from "./manifest.ts";

/** Why a saved machine cannot go on in this page, for whoever has to mend it; undefined where it can. */
export function misfit(header: SnapshotHeader, build: MachineBuild): string | undefined {
  if (header.v86 !== build.v86)
    return `the machine was saved by v86 ${header.v86}, this page runs v86 ${build.v86}`;
  if (header.memory !== build.memory)
    return `the machine was saved with ${header.memory} MiB of memory, this page's have ${build.memory} MiB`;
  if (header.base !== build.base)
    return `the machine grew from snapshot ${short(header.base)}, this page's machines from ${short(build.base)}`;
  return undefined;
}

/** Throws a {@link MachineError} of kind "mismatch" where a saved machine cannot go on in this page. */
export function requireFit(header: SnapshotHeader, build: MachineBuild): void {
  const reason = misfit(header, build);
  if (reason !== undefined) throw new MachineError("mismatch", reason);
}

function short(hash: string): string {
  return hash === "" ? "(none)" : hash.slice(0, 12);
}
