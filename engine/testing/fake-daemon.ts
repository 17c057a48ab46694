import type { Daemon } from "../daemon/daemon.ts";
import type { Settings } from "../daemon/settings.ts";
import { openDaemon } from "../main/open-daemon.ts";
import { defaultNetworkSettings } from "../network/network-settings.ts";
import { FakeCgroupFiles } from "../sys/fake/cgroup-files.ts";
import { type FakeSys, FAKE_MACHINE, fakeSys, restarted } from "../sys/fake/sys.ts";
import { FakeIptables } from "./fake-iptables.ts";
import { FakeProxies } from "./fake-proxies.ts";
import { FakeShims } from "./fake-shim.ts";

/** A daemon on a fake system, whose containers run in fake shims. */
export interface FakeDaemon {
  readonly sys: FakeSys;
  readonly daemon: Daemon;
  readonly shims: FakeShims;
  readonly iptables: FakeIptables;
  readonly proxies: FakeProxies;
  /** What the daemon has logged, as "level: message". */
  readonly log: readonly string[];
}

/** What a test may want otherwise. */
export interface FakeDaemonOptions {
  readonly settings?: Partial<Settings>;
  /** Of the cgroup file system. */
  readonly controllers?: readonly string[];
  readonly cpus?: number;
}

export const DATA_ROOT = "/var/lib/docker";
export const EXEC_ROOT = "/var/run/docker";
export const CGROUP_ROOT = "/sys/fs/cgroup/docker";

const SETTINGS: Settings = {
  hosts: [],
  dataRoot: DATA_ROOT,
  execRoot: EXEC_ROOT,
  pidFile: "/var/run/docker.pid",
  registryMirrors: ["http://hub"],
  maxConcurrentDownloads: 3,
  shmSize: 64 * 1024 * 1024,
  debug: false,
  labels: [],
  cgroupParent: "docker",
  shim: "/usr/lib/drydock/shim",
  network: defaultNetworkSettings,
};

const HOST_FILES = {
  "/etc/resolv.conf": "nameserver 10.0.2.3\n",
  "/etc/hosts": "127.0.0.1 localhost\n10.0.0.9 hub\n",
  "/etc/os-release": 'PRETTY_NAME="Debian GNU/Linux 12"\nVERSION_ID="12"\n',
  "/proc/mounts": "rootfs / tmpfs rw 0 0\n",
};

/** What outlives a daemon. */
type Surroundings = Pick<FakeDaemon, "sys" | "shims" | "iptables" | "proxies">;

async function open(surroundings: Surroundings, settings: Settings): Promise<FakeDaemon> {
  const log: string[] = [];
  const write = (level: string, message: string): void => void log.push(`${level}: ${message}`);
  const daemon = await openDaemon(surroundings.sys, settings, write);
  return { ...surroundings, daemon, log };
}

/** Starts a daemon on a machine of its own. */
export async function openFakeDaemon(options: FakeDaemonOptions = {}): Promise<FakeDaemon> {
  const sys = fakeSys({ ...FAKE_MACHINE, cpus: options.cpus ?? FAKE_MACHINE.cpus });
  sys.files.seed(HOST_FILES);
  const shims = new FakeShims(sys);
  const cgroups = new FakeCgroupFiles(
    sys.files,
    "/sys/fs/cgroup",
    options.controllers ?? ["cpu", "memory", "pids"],
  );
  cgroups.onKill = pids => shims.kill(pids);
  const iptables = new FakeIptables(sys);
  const proxies = new FakeProxies(sys);
  return open({ sys, shims, iptables, proxies }, { ...SETTINGS, ...options.settings });
}

/** Starts another daemon in the place of one that has ended or crashed. */
export function reopenFakeDaemon(before: FakeDaemon): Promise<FakeDaemon> {
  const { daemon, ...surroundings } = before;
  before.sys.files.faults.crash();
  before.proxies.endAll();
  before.sys.sockets.forgetAnswerers();
  return open({ ...surroundings, sys: restarted(before.sys) }, daemon.settings);
}
