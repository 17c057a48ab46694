import { EngineError } from "../base/errors.ts";
import { overlayEnv, withDefaultEnv } from "../base/env.ts";
import type { HostConfig } from "../container/config.ts";
import type { Container } from "../container/container.ts";
import { type ResourceLimits, cpuWeight } from "../runtime/cgroup.ts";
import { containerCapabilities } from "../runtime/capabilities.ts";
import { defaultDevices } from "../runtime/default-devices.ts";
import type { ContainerSpec, ProcessSpec, ResourceLimit } from "../runtime/process-spec.ts";
import { pathInRootfs, readInRootfs } from "../runtime/rootfs-path.ts";
import { type FoundUser, lookUpUser } from "../runtime/user-lookup.ts";
import { containerMounts } from "./container-mounts.ts";
import type { Daemon } from "./daemon.ts";

const DEFAULT_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** setrlimit(2)'s numbers by Docker's names. */
const RESOURCES: Readonly<Record<string, number>> = {
  cpu: 0,
  fsize: 1,
  data: 2,
  stack: 3,
  core: 4,
  rss: 5,
  nproc: 6,
  nofile: 7,
  memlock: 8,
  as: 9,
  locks: 10,
  sigpending: 11,
  msgqueue: 12,
  nice: 13,
  rtprio: 14,
  rttime: 15,
};

function usesSeccomp(hostConfig: HostConfig): boolean {
  return !hostConfig.SecurityOpt?.includes("seccomp=unconfined");
}

function noNewPrivileges(hostConfig: HostConfig): boolean {
  return (hostConfig.SecurityOpt ?? []).some(option => /^no-new-privileges([:=]true)?$/.test(option));
}

/** Looks a user up in a container's own files. */
export function userIn(daemon: Daemon, rootfs: string, user: string, groups: readonly string[]): FoundUser {
  const { files } = daemon.sys;
  const passwd = readInRootfs(files, rootfs, "/etc/passwd");
  const group = readInRootfs(files, rootfs, "/etc/group");
  return lookUpUser(user, { passwd, group }, groups);
}

/** Makes the working directory where the image lacks it. Throws "invalid" where something else has its name. */
function makeWorkingDirectory(daemon: Daemon, rootfs: string, directory: string): void {
  const { files } = daemon.sys;
  const place = pathInRootfs(files, rootfs, directory);
  const info = files.stat(place);
  if (info && info.kind !== "directory")
    throw new EngineError("invalid", `Cannot mkdir: ${directory} is not a directory`);
  if (!info) files.makeDirectories(place, 0o755);
}

function resourceLimits(hostConfig: HostConfig): ResourceLimit[] {
  return hostConfig.Ulimits.map(({ Name, Soft, Hard }) => {
    const resource = RESOURCES[Name];
    if (resource === undefined) throw new EngineError("invalid", `invalid ulimit type: ${Name}`);
    return { resource, soft: Soft, hard: Hard };
  });
}

/** What a process of a container is, apart from what it runs. */
export function processSpec(
  daemon: Daemon,
  container: Container,
  rootfs: string,
  process: {
    args: readonly string[];
    env: readonly string[];
    cwd: string;
    user: string;
    privileged: boolean;
    terminal: ProcessSpec["terminal"];
  },
): ProcessSpec {
  const { hostConfig } = container;
  const user = userIn(daemon, rootfs, process.user, hostConfig.GroupAdd ?? []);
  const capabilities = containerCapabilities({
    privileged: process.privileged,
    add: hostConfig.CapAdd ?? [],
    drop: hostConfig.CapDrop ?? [],
  });
  return {
    args: process.args,
    env: withDefaultEnv(process.env, [`HOME=${user.home}`]),
    cwd: process.cwd || "/",
    user,
    capabilities,
    noNewPrivileges: noNewPrivileges(hostConfig),
    seccomp:
      !process.privileged && usesSeccomp(hostConfig) ? daemon.seccomp.forCapabilities(capabilities) : null,
    rlimits: resourceLimits(hostConfig),
    oomScoreAdj: hostConfig.OomScoreAdj,
    terminal: process.terminal,
  };
}

/** The environment of every process of a container. */
export function containerEnv(container: Container, tty: boolean): string[] {
  const base = [DEFAULT_PATH, `HOSTNAME=${container.config.Hostname}`];
  if (tty) base.push("TERM=xterm");
  return overlayEnv(base, container.config.Env);
}

/** A container as the runtime starts it, from its mounted root file system and network namespace. */
export function containerSpec(
  daemon: Daemon,
  container: Container,
  rootfs: string,
  network: string,
): ContainerSpec {
  const { config, hostConfig } = container;
  if (config.WorkingDir) makeWorkingDirectory(daemon, rootfs, config.WorkingDir);
  const [rows, columns] = hostConfig.ConsoleSize;
  return {
    rootfs,
    readonlyRootfs: hostConfig.ReadonlyRootfs,
    hostname: config.Hostname,
    domainname: config.Domainname,
    namespaces: {
      pid: hostConfig.PidMode === "host" ? "host" : "new",
      network: { path: network },
      ipc: hostConfig.IpcMode === "host" ? "host" : "new",
      uts: hostConfig.UTSMode === "host" ? "host" : "new",
      cgroup: hostConfig.CgroupnsMode === "host" ? "host" : "new",
    },
    ...containerMounts(daemon, container),
    devices: defaultDevices,
    maskedPaths: hostConfig.MaskedPaths ?? [],
    readonlyPaths: hostConfig.ReadonlyPaths ?? [],
    sysctls: hostConfig.Sysctls ?? {},
    process: processSpec(daemon, container, rootfs, {
      args: [container.path, ...container.args],
      env: containerEnv(container, config.Tty),
      cwd: config.WorkingDir,
      user: config.User,
      privileged: hostConfig.Privileged,
      terminal: config.Tty ? { rows, columns } : null,
    }),
  };
}

/** A container's limits in the kernel's terms. */
export function cgroupLimits(hostConfig: HostConfig): ResourceLimits {
  const { Memory, MemorySwap, MemoryReservation, CpuShares, NanoCpus, CpuQuota, CpuPeriod, PidsLimit } =
    hostConfig;
  const quota = NanoCpus > 0 ? NanoCpus / 10_000 : CpuQuota;
  return {
    ...(Memory > 0 ? { memory: Memory } : {}),
    ...(Memory > 0 && MemorySwap !== 0 ? { swap: MemorySwap < 0 ? -1 : MemorySwap - Memory } : {}),
    ...(MemoryReservation > 0 ? { memoryReservation: MemoryReservation } : {}),
    ...(CpuShares > 0 ? { cpuWeight: cpuWeight(CpuShares) } : {}),
    ...(quota !== 0 ? { cpuQuota: quota } : {}),
    ...(CpuPeriod > 0 ? { cpuPeriod: CpuPeriod } : {}),
    ...(PidsLimit !== null && PidsLimit !== 0 ? { pids: PidsLimit } : {}),
  };
}
