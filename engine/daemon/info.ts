import type { SystemInfo } from "../api/system.ts";
import { hasProcess } from "../container/state.ts";
import type { Daemon } from "./daemon.ts";
import { ENGINE_VERSION } from "./version.ts";

function osRelease(daemon: Daemon): Record<string, string> {
  const { files } = daemon.sys;
  const path = "/etc/os-release";
  if (!files.exists(path)) return {};
  const entries = files
    .readText(path)
    .split("\n")
    .map(line => /^(\w+)="?([^"]*)"?$/.exec(line))
    .filter(match => match !== null)
    .map(([, key = "", value = ""]) => [key, value] as const);
  return Object.fromEntries(entries);
}

function flagFile(daemon: Daemon, path: string): boolean {
  const { files } = daemon.sys;
  return files.exists(path) && files.readText(path).trim() === "1";
}

/** GET /info */
export function systemInfo(daemon: Daemon): SystemInfo {
  const { sys, settings, cgroups } = daemon;
  const machine = sys.machine();
  const containers = daemon.containers.all();
  const running = containers.filter(({ state }) => state.status === "running").length;
  const paused = containers.filter(({ state }) => state.status === "paused").length;
  const stopped = containers.filter(({ state }) => !hasProcess(state.status)).length;
  const has = (controller: string): boolean => cgroups.controllers.has(controller);
  const release = osRelease(daemon);
  const hostIndex = { Name: "docker.io", Mirrors: settings.registryMirrors, Secure: true, Official: true };
  return {
    ID: daemon.id(),
    Containers: containers.length,
    ContainersRunning: running,
    ContainersPaused: paused,
    ContainersStopped: stopped,
    Images: daemon.images.count,
    Driver: "overlay2",
    DriverStatus: [
      ["Backing Filesystem", backingFilesystem(daemon)],
      ["Supports d_type", "true"],
      ["Using metacopy", "false"],
      ["Native Overlay Diff", "true"],
      ["userxattr", "false"],
    ],
    Plugins: {
      Volume: ["local"],
      Network: ["bridge", "host", "null"],
      Authorization: null,
      Log: ["json-file", "none"],
    },
    MemoryLimit: has("memory"),
    SwapLimit: has("memory"),
    CpuCfsPeriod: has("cpu"),
    CpuCfsQuota: has("cpu"),
    CPUShares: has("cpu"),
    CPUSet: has("cpuset"),
    PidsLimit: has("pids"),
    OomKillDisable: false,
    IPv4Forwarding: flagFile(daemon, "/proc/sys/net/ipv4/ip_forward"),
    BridgeNfIptables: flagFile(daemon, "/proc/sys/net/bridge/bridge-nf-call-iptables"),
    BridgeNfIp6tables: flagFile(daemon, "/proc/sys/net/bridge/bridge-nf-call-ip6tables"),
    Debug: settings.debug,
    NFd: sys.files.list("/proc/self/fd").length,
    NGoroutines: 1,
    SystemTime: sys.clock.timestamp(),
    LoggingDriver: "json-file",
    CgroupDriver: "cgroupfs",
    CgroupVersion: "2",
    NEventsListener: daemon.events.listenerCount,
    KernelVersion: machine.release,
    OperatingSystem: release.PRETTY_NAME ?? "Linux",
    OSVersion: release.VERSION_ID ?? "",
    OSType: "linux",
    Architecture: machine.machine,
    IndexServerAddress: "https://index.docker.io/v1/",
    RegistryConfig: {
      InsecureRegistryCIDRs: ["127.0.0.0/8"],
      IndexConfigs: { "docker.io": hostIndex },
      Mirrors: settings.registryMirrors,
    },
    NCPU: machine.cpus,
    MemTotal: machine.memory,
    DockerRootDir: settings.dataRoot,
    HttpProxy: "",
    HttpsProxy: "",
    NoProxy: "",
    Name: machine.hostname,
    Labels: settings.labels,
    ExperimentalBuild: false,
    ServerVersion: ENGINE_VERSION,
    Runtimes: { runc: { path: settings.shim } },
    DefaultRuntime: "runc",
    Swarm: { LocalNodeState: "inactive", NodeID: "", ControlAvailable: false },
    LiveRestoreEnabled: true,
    Isolation: "",
    InitBinary: "",
    ContainerdCommit: { ID: "" },
    RuncCommit: { ID: "" },
    InitCommit: { ID: "" },
    SecurityOptions: ["name=seccomp,profile=builtin", "name=cgroupns"],
    Warnings: null,
  };
}

/** The file system below the data root, by its name in /proc/mounts. */
function backingFilesystem(daemon: Daemon): string {
  const { files } = daemon.sys;
  const root = `${daemon.settings.dataRoot}/`;
  let best = { length: 0, type: "unknown" };
  for (const line of files.readText("/proc/mounts").split("\n")) {
    const [, target = "", type = ""] = line.split(" ");
    if (type === "") continue;
    const prefix = target.endsWith("/") ? target : `${target}/`;
    if (root.startsWith(prefix) && prefix.length >= best.length) best = { length: prefix.length, type };
  }
  return best.type === "ext4" ? "extfs" : best.type;
}
