import { MountFlag, NamespaceFlag } from "../sys/kernel.ts";
import { defaultLinks } from "./default-devices.ts";
import { processSteps } from "./process-steps.ts";
import type { ContainerSpec, MountSpec, NamespaceChoice } from "./process-spec.ts";
import type { ProgramRecord } from "./program.ts";

const { bind, recursive, slave, remount, readOnly } = MountFlag;

/** What a bind mount ignores until it is remounted (mount(2), "Creating a bind mount"). */
const REMOUNTED = MountFlag.readOnly | MountFlag.noSuid | MountFlag.noDev | MountFlag.noExec;

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

function mountSteps(rootfs: string, mount: MountSpec): ProgramRecord[] {
  const { target, kind, source, type, flags, data } = mount;
  const steps: ProgramRecord[] = [["place", rootfs, target, kind, source, type, flags, data]];
  if (flags & bind && flags & REMOUNTED)
    steps.push(["remount", rootfs, target, bind | remount | (flags & REMOUNTED), ""]);
  return steps;
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
  steps.push(["mount", "", "/", "", slave | recursive, ""]);
  for (const mount of spec.mounts) steps.push(...mountSteps(rootfs, mount));
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
