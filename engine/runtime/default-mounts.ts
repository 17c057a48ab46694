import { MountFlag } from "../sys/kernel.ts";
import type { MountSpec } from "./process-spec.ts";

const { noSuid, noDev, noExec, readOnly, strictAtime } = MountFlag;
const LOCKED = noSuid | noDev | noExec;

function mount(target: string, type: string, source: string, flags: number, data = ""): MountSpec {
  return { target, type, source, flags, data };
}

/**
 * The file systems of every container, in the order in which they must be mounted. `shmSize` is in bytes. A
 * privileged container may write to /sys and its cgroups.
 */
export function defaultMounts(options: { shmSize: number; privileged: boolean }): MountSpec[] {
  const system = options.privileged ? LOCKED : LOCKED | readOnly;
  return [
    mount("/proc", "proc", "proc", LOCKED),
    mount("/dev", "tmpfs", "tmpfs", noSuid | strictAtime, "mode=755,size=65536k"),
    mount("/dev/pts", "devpts", "devpts", noSuid | noExec, "newinstance,ptmxmode=0666,mode=0620,gid=5"),
    mount("/sys", "sysfs", "sysfs", system),
    mount("/sys/fs/cgroup", "cgroup2", "cgroup", system),
    mount("/dev/mqueue", "mqueue", "mqueue", LOCKED),
    mount("/dev/shm", "tmpfs", "shm", LOCKED, `mode=1777,size=${options.shmSize}`),
  ];
}

/** Paths that show or change the host, hidden from containers that are not privileged (Docker's defaults). */
export const maskedPaths: readonly string[] = [
  "/proc/asound",
  "/proc/acpi",
  "/proc/interrupts",
  "/proc/kcore",
  "/proc/keys",
  "/proc/latency_stats",
  "/proc/timer_list",
  "/proc/timer_stats",
  "/proc/sched_debug",
  "/proc/scsi",
  "/sys/firmware",
  "/sys/devices/virtual/powercap",
];

/** Paths that such containers may only read. */
export const readonlyPaths: readonly string[] = [
  "/proc/bus",
  "/proc/fs",
  "/proc/irq",
  "/proc/sys",
  "/proc/sysrq-trigger",
];
