import { MountFlag, NamespaceFlag } from "../sys/kernel.ts";
import { accessNumber, type BindMount } from "../sys/views.ts";
import { defaultLinks } from "./default-devices.ts";
import { processSteps } from "./process-steps.ts";
import type { ContainerSpec, MountSpec, NamespaceChoice } from "./process-spec.ts";
import type { ProgramRecord } from "./program.ts";

const { bind, recursive, slave, shared, private: separate, remount, readOnly } = MountFlag;

const JOINABLE = ["network", "ipc", "uts", "cgroup"] as const;

/** The flags for clone(2): the namespaces that start with the process. The cgroup's comes later, as a step. */
export function cloneFlags(namespaces: ContainerSpec["namespaces"]): number {
  let flags: number = NamespaceFlag.mount;
  for (const kind of ["pid", "network", "ipc", "uts"] as const)
    if (namespaces[kind] === "new") flags |= NamespaceFlag[kind];
  return flags >>> 0;
}

function joins(choice: NamespaceChoice): choice is { readonly path: string } {
  return typeof choice === "object";
}

function isBind(mount: MountSpec | BindMount): mount is BindMount {
  return "subpath" in mount;
}

function mountStep(rootfs: string, mount: MountSpec | BindMount): ProgramRecord {
  if (!isBind(mount)) {
    // A read-only tmpfs may have mounts inside, whose places must be made first.
    const flags = mount.type === "tmpfs" ? mount.flags & ~readOnly : mount.flags;
    return ["place", rootfs, mount.target, mount.source, mount.type, flags, mount.data];
  }
  const { target, source, subpath, propagation } = mount;
  return [
    "bind",
    rootfs,
    target,
    source,
    subpath,
    mount.recursive ? 1 : 0,
    accessNumber[mount.access],
    propagation,
  ];
}

/** All mounts, in order. */
function mountSteps(rootfs: string, mounts: readonly (MountSpec | BindMount)[]): ProgramRecord[] {
  const steps = mounts.map(mount => mountStep(rootfs, mount));
  for (const mount of mounts)
    if (!isBind(mount) && mount.type === "tmpfs" && mount.flags & readOnly)
      steps.push(["read-only", rootfs, mount.target, 0]);
  return steps;
}

/** What keeps the container's mounts and the host's apart, but for those that are shared on purpose. */
function separationSteps(rootfs: string, sharesMounts: boolean): ProgramRecord[] {
  if (!sharesMounts) return [["mount", "", "/", "", slave | recursive, ""]];
  return [
    ["mount", "", "/", "", shared, ""],
    ["mount", "", rootfs, "", separate, ""],
    // pivot_root(2) wants a mount of its own, below one that is not shared.
    ["mount", rootfs, rootfs, "", bind | recursive, ""],
  ];
}

function sysctlPath(name: string): string {
  return `/proc/sys/${name.replaceAll(".", "/")}`;
}

/** All that the first process of a container does on its way to the user's program. */
export function containerSteps(spec: ContainerSpec): ProgramRecord[] {
  const { rootfs, namespaces } = spec;
  const steps: ProgramRecord[] = [];
  for (const kind of JOINABLE) {
    const choice = namespaces[kind];
    if (joins(choice)) steps.push(["setns", choice.path, NamespaceFlag[kind]]);
  }
  if (namespaces.cgroup === "new") steps.push(["unshare", NamespaceFlag.cgroup]);
  // What is mounted in here must not reach the host; what the host unmounts must not be held here.
  steps.push(...separationSteps(rootfs, spec.sharesMounts), ...mountSteps(rootfs, spec.mounts));
  for (const device of spec.devices) {
    const path = rootfs + device.path;
    steps.push(["mknod", path, 0o20000 | device.mode, device.major, device.minor]);
    if (device.uid !== 0 || device.gid !== 0) steps.push(["chown", path, device.uid, device.gid]);
  }
  for (const [target, path] of defaultLinks) steps.push(["symlink", target, rootfs + path]);
  if (namespaces.uts === "new") {
    steps.push(["hostname", spec.hostname]);
    if (spec.domainname) steps.push(["domainname", spec.domainname]);
  }
  steps.push(["root", rootfs]);
  for (const [name, value] of Object.entries(spec.sysctls)) steps.push(["write", sysctlPath(name), value]);
  if (spec.process.oomScoreAdj !== 0)
    steps.push(["write", "/proc/self/oom_score_adj", `${spec.process.oomScoreAdj}`]);
  for (const path of spec.readonlyPaths) steps.push(["readonly", path]);
  for (const path of spec.maskedPaths) steps.push(["mask", path]);
  if (spec.readonlyRootfs) steps.push(["mount", "", "/", "", bind | remount | readOnly, ""]);
  steps.push(...processSteps(spec.process, { bindConsole: true }));
  return steps;
}

/** What another process does to run inside a container whose first process has this pid. */
export function execSteps(process: Parameters<typeof processSteps>[0], pid: number): ProgramRecord[] {
  // The mount namespace comes last: the paths of the others are the host's.
  const kinds = [
    ["ipc", NamespaceFlag.ipc],
    ["uts", NamespaceFlag.uts],
    ["net", NamespaceFlag.network],
    ["cgroup", NamespaceFlag.cgroup],
    ["mnt", NamespaceFlag.mount],
  ] as const;
  return [
    ...kinds.map(([name, flag]): ProgramRecord => ["setns", `/proc/${pid}/ns/${name}`, flag]),
    ...processSteps(process, { bindConsole: false }),
  ];
}
