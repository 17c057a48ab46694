import { EngineError } from "../base/errors.ts";
import { overlayEnv } from "../base/env.ts";
import { parseSignal } from "../base/signals.ts";
import {
  type ContainerConfig,
  emptyConfig,
  emptyHostConfig,
  type HostConfig,
  withDefaults,
} from "../container/config.ts";
import type { ImageDefaults } from "../image/image-config.ts";
import { checkCapabilities } from "../runtime/capabilities.ts";
import { maskedPaths, readonlyPaths } from "../runtime/default-mounts.ts";
import type { Daemon } from "./daemon.ts";

const LEAST_MEMORY = 6 * 1024 * 1024;
const LEAST_SHARES = 2;
const MOST_SHARES = 262144;
const NANO = 1e9;

function copy<T>(list: readonly T[] | null | undefined): T[] | null {
  return list ? [...list] : null;
}

/** A container's configuration: what was asked for, and the image's where nothing was. */
export function mergeConfig(
  asked: Partial<ContainerConfig>,
  image: ImageDefaults,
  id: string,
): ContainerConfig {
  const config = withDefaults(emptyConfig(), asked);
  const ownEntrypoint = asked.Entrypoint !== undefined && asked.Entrypoint !== null;
  // A new entrypoint makes the image's command meaningless.
  if (!ownEntrypoint) {
    config.Entrypoint = copy(image.Entrypoint);
    if (!config.Cmd?.length) config.Cmd = copy(image.Cmd);
  } else if (config.Entrypoint?.length === 1 && config.Entrypoint[0] === "") {
    config.Entrypoint = null; // how the command line says "none"
  }
  config.Env = overlayEnv(image.Env ?? [], config.Env);
  config.User ||= image.User ?? "";
  config.WorkingDir ||= image.WorkingDir ?? "";
  config.Labels = { ...image.Labels, ...config.Labels };
  if (image.ExposedPorts || config.ExposedPorts)
    config.ExposedPorts = { ...image.ExposedPorts, ...config.ExposedPorts };
  if (image.Volumes || config.Volumes) config.Volumes = { ...image.Volumes, ...config.Volumes };
  if (config.StopSignal === undefined && image.StopSignal) config.StopSignal = image.StopSignal;
  config.Hostname ||= id.slice(0, 12);
  if (config.WorkingDir.startsWith("/")) config.WorkingDir = cleanPath(config.WorkingDir);
  return config;
}

/** An absolute path without ".", ".." and empty parts, as Go's filepath.Clean makes it. */
function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/"))
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  return `/${parts.join("/")}`;
}

/** The program and its arguments. Throws "invalid" where there is none. */
export function commandOf(config: ContainerConfig): { path: string; args: string[] } {
  const [path, ...args] = [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])];
  if (path === undefined) throw new EngineError("invalid", "no command specified");
  return { path, args };
}

/** Throws "invalid" in Docker's words where a container could not be what was asked for. */
export function checkConfig(config: ContainerConfig): void {
  if (config.StopSignal) parseSignal(config.StopSignal);
  if (config.WorkingDir !== "" && !config.WorkingDir.startsWith("/"))
    throw new EngineError(
      "invalid",
      `the working directory '${config.WorkingDir}' is invalid, it needs to be an absolute path`,
    );
  for (const entry of config.Env)
    if (entry === "" || entry.startsWith("="))
      throw new EngineError("invalid", `invalid environment variable: ${entry}`);
}

/** Completes and checks a host configuration. Returns warnings about what this machine can't do. */
export function completeHostConfig(
  daemon: Daemon,
  asked: Partial<HostConfig>,
): { hostConfig: HostConfig; warnings: string[] } {
  const hostConfig = withDefaults({ ...emptyHostConfig(), ShmSize: daemon.settings.shmSize }, asked);
  if (hostConfig.ShmSize === 0) hostConfig.ShmSize = daemon.settings.shmSize;
  if (hostConfig.NetworkMode === "" || hostConfig.NetworkMode === "default")
    hostConfig.NetworkMode = "bridge";
  if (hostConfig.IpcMode === "") hostConfig.IpcMode = "private";
  if (hostConfig.CgroupnsMode === "") hostConfig.CgroupnsMode = "private"; // with cgroup v2, privileged or not
  if (hostConfig.LogConfig.Type === "") hostConfig.LogConfig = { ...hostConfig.LogConfig, Type: "json-file" };
  hostConfig.MaskedPaths ??= hostConfig.Privileged ? null : [...maskedPaths];
  hostConfig.ReadonlyPaths ??= hostConfig.Privileged ? null : [...readonlyPaths];
  checkCapabilities(hostConfig.CapAdd ?? [], hostConfig.CapDrop ?? []);
  checkLimits(hostConfig, daemon.sys.machine().cpus, daemon.cgroups.controllers);
  const warnings = dropUnsupported(hostConfig, daemon.cgroups.controllers);
  if (hostConfig.Memory > 0 && hostConfig.MemorySwap === 0) hostConfig.MemorySwap = hostConfig.Memory * 2;
  return { hostConfig, warnings };
}

function fail(message: string): never {
  throw new EngineError("invalid", message);
}

function checkLimits(config: HostConfig, cpus: number, controllers: ReadonlySet<string>): void {
  const { Memory: memory, MemorySwap: swap, MemoryReservation: reservation, NanoCpus: nano } = config;
  if (memory !== 0 && memory < LEAST_MEMORY) fail("Minimum memory limit allowed is 6MB");
  if (memory > 0 && swap > 0 && swap < memory)
    fail("Minimum memoryswap limit should be larger than memory limit, see usage");
  if (memory === 0 && swap > 0)
    fail("You should always set the Memory limit when using Memoryswap limit, see usage");
  if (reservation > 0 && reservation < LEAST_MEMORY) fail("Minimum memory reservation allowed is 6MB");
  if (memory > 0 && reservation > memory)
    fail("Minimum memory limit can not be less than memory reservation limit, see usage");
  if (nano > 0 && config.CpuPeriod > 0)
    fail("Conflicting options: Nano CPUs and CPU Period cannot both be set");
  if (nano > 0 && config.CpuQuota > 0)
    fail("Conflicting options: Nano CPUs and CPU Quota cannot both be set");
  if (nano > 0 && !controllers.has("cpu"))
    fail(
      "NanoCPUs can not be set, as your kernel does not support CPU CFS scheduler or the cgroup is not mounted",
    );
  if (nano < 0 || nano > cpus * NANO)
    fail(`range of CPUs is from 0.01 to ${cpus}.00, as there are only ${cpus} CPUs available`);
  if (config.CpuPeriod !== 0 && (config.CpuPeriod < 1000 || config.CpuPeriod > 1_000_000))
    fail("CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)");
  if (config.CpuQuota > 0 && config.CpuQuota < 1000)
    fail("CPU cfs quota can not be less than 1ms (i.e. 1000)");
  if (config.OomScoreAdj < -1000 || config.OomScoreAdj > 1000)
    fail(`Invalid value ${config.OomScoreAdj}, range for oom score adj is [-1000, 1000]`);
  if (config.ShmSize < 0) fail("SHM size can not be less than 0");
  if (config.CpuShares < 0)
    fail(`invalid CPU shares (${config.CpuShares}): value must be a positive integer`);
  if (config.CpuShares > 0)
    config.CpuShares = Math.min(Math.max(config.CpuShares, LEAST_SHARES), MOST_SHARES);
}

/** Takes out the limits whose cgroup controller the kernel does not have, and says so as Docker does. */
function dropUnsupported(config: HostConfig, controllers: ReadonlySet<string>): string[] {
  const warnings: string[] = [];
  const lacks = (what: string): void => void warnings.push(`Your kernel does not support ${what}`);
  if (!controllers.has("memory") && config.Memory > 0) {
    lacks("memory limit capabilities or the cgroup is not mounted. Limitation discarded.");
    config.Memory = 0;
    config.MemorySwap = -1;
  }
  if (!controllers.has("memory") && config.MemoryReservation > 0) {
    lacks("memory soft limit capabilities or the cgroup is not mounted. Limitation discarded.");
    config.MemoryReservation = 0;
  }
  if (!controllers.has("pids") && config.PidsLimit !== null) {
    if (config.PidsLimit > 0)
      lacks("PIDs limit capabilities or the cgroup is not mounted. PIDs limit discarded.");
    config.PidsLimit = null;
  }
  if (!controllers.has("cpu") && config.CpuShares > 0) {
    lacks("CPU shares or the cgroup is not mounted. Shares discarded.");
    config.CpuShares = 0;
  }
  if (!controllers.has("cpu") && (config.CpuPeriod !== 0 || config.CpuQuota !== 0)) {
    lacks("CPU CFS scheduler. CPU period/quota discarded.");
    config.CpuPeriod = 0;
    config.CpuQuota = 0;
  }
  return warnings;
}
