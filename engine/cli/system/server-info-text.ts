import type { SystemInfo } from "../../api/system.ts";
import { bytesSize } from "../../base/units.ts";

/** "seccomp" and "builtin" out of "name=seccomp,profile=builtin". */
function securityLines(option: string): string[] {
  const pairs = option.split(",").map(pair => pair.split("=", 2));
  return pairs.flatMap(([key, value = ""]) => {
    if (key === "name") return [`  ${value}`];
    return key === "profile" ? [`   Profile: ${value}`] : [];
  });
}

/** A line, unless there is nothing to tell. */
function ifAny(label: string, value: string | undefined): string[] {
  return value ? [`${label} ${value}`] : [];
}

/** A title with lines below it, unless there are none. */
function ifAnyLines(title: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? [title, ...lines] : [];
}

function programLines(info: SystemInfo): string[] {
  const runtimes = Object.keys(info.Runtimes ?? {});
  const lines =
    runtimes.length > 0
      ? [` Runtimes: ${runtimes.join(" ")}`, ` Default Runtime: ${info.DefaultRuntime}`]
      : [];
  if (info.OSType !== "linux") return lines;
  return [
    ...lines,
    ` Init Binary: ${info.InitBinary}`,
    ` containerd version: ${info.ContainerdCommit.ID}`,
    ` runc version: ${info.RuncCommit.ID}`,
    ` init version: ${info.InitCommit.ID}`,
    ...ifAnyLines(" Security Options:", (info.SecurityOptions ?? []).flatMap(securityLines)),
  ];
}

function storageLines(info: SystemInfo): string[] {
  const { Plugins: plugins } = info;
  return [
    ...ifAny(" Storage Driver:", info.Driver),
    ...(info.DriverStatus ?? []).map(([name, value]) => `  ${name}: ${value}`),
    ...ifAny(" Logging Driver:", info.LoggingDriver),
    ...ifAny(" Cgroup Driver:", info.CgroupDriver),
    ...ifAny(" Cgroup Version:", info.CgroupVersion),
    " Plugins:",
    `  Volume: ${(plugins.Volume ?? []).join(" ")}`,
    `  Network: ${(plugins.Network ?? []).join(" ")}`,
    `  Log: ${(plugins.Log ?? []).join(" ")}`,
    ` Swarm: ${info.Swarm.LocalNodeState}`,
  ];
}

function machineLines(info: SystemInfo, debug: boolean): string[] {
  const internals = [
    `  File Descriptors: ${info.NFd}`,
    `  Goroutines: ${info.NGoroutines}`,
    `  System Time: ${info.SystemTime}`,
    `  EventsListeners: ${info.NEventsListener}`,
  ];
  return [
    ...ifAny(" Kernel Version:", info.KernelVersion),
    ...ifAny(" Operating System:", info.OperatingSystem),
    ...ifAny(" OSType:", info.OSType),
    ...ifAny(" Architecture:", info.Architecture),
    ` CPUs: ${info.NCPU}`,
    ` Total Memory: ${bytesSize(info.MemTotal)}`,
    ...ifAny(" Name:", info.Name),
    ...ifAny(" ID:", info.ID),
    ` Docker Root Dir: ${info.DockerRootDir}`,
    ` Debug Mode: ${info.Debug}`,
    ...(info.Debug || debug ? internals : []),
    ...ifAny(" HTTP Proxy:", info.HttpProxy),
    ...ifAny(" HTTPS Proxy:", info.HttpsProxy),
    ...ifAny(" No Proxy:", info.NoProxy),
    ...ifAnyLines(
      " Labels:",
      (info.Labels ?? []).map(label => `  ${label}`),
    ),
    ` Experimental: ${info.ExperimentalBuild}`,
  ];
}

function registryLines({ RegistryConfig: config }: SystemInfo): string[] {
  if (!config) return [];
  const insecure = Object.values(config.IndexConfigs ?? {}).flatMap(index =>
    "Secure" in index && "Name" in index && index.Secure === false ? [`  ${String(index.Name)}`] : [],
  );
  const ranges = (config.InsecureRegistryCIDRs ?? []).map(range => `  ${range}`);
  return [
    ...ifAnyLines(" Insecure Registries:", [...insecure, ...ranges]),
    ...ifAnyLines(
      " Registry Mirrors:",
      (config.Mirrors ?? []).map(mirror => `  ${mirror}`),
    ),
  ];
}

/** The daemon's part of `docker info`. With `debug` it tells of the daemon's own state, as a debugging one always does. */
export function serverInfoText(info: SystemInfo, debug: boolean): string {
  return [
    ` Containers: ${info.Containers}`,
    `  Running: ${info.ContainersRunning}`,
    `  Paused: ${info.ContainersPaused}`,
    `  Stopped: ${info.ContainersStopped}`,
    ` Images: ${info.Images}`,
    ...ifAny(" Server Version:", info.ServerVersion),
    ...storageLines(info),
    ...programLines(info),
    ...machineLines(info, debug),
    ...registryLines(info),
    ` Live Restore Enabled: ${info.LiveRestoreEnabled}`,
  ]
    .map(line => `${line}\n`)
    .join("");
}
