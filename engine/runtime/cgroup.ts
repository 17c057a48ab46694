import type { Clock } from "../sys/clock.ts";
import type { Files } from "../sys/files.ts";
import { isSysError } from "../sys/files.ts";

/** Limits of a container; undefined leaves the kernel's default. Sizes in bytes. */
export interface ResourceLimits {
  readonly memory?: number;
  /** Of swap alone; -1 is unlimited. */
  readonly swap?: number;
  /** What the kernel tries to leave to the container when memory is short. */
  readonly memoryReservation?: number;
  /** 1 to 10000; 100 is normal. */
  readonly cpuWeight?: number;
  /** Microseconds of processor time in each period. */
  readonly cpuQuota?: number;
  readonly cpuPeriod?: number;
  /** Number of processes; -1 is unlimited. */
  readonly pids?: number;
}

/** Docker's `--cpu-shares` (2 to 262144) as cgroup v2's weight (1 to 10000), by the mapping that runc uses. */
export function cpuWeight(shares: number): number {
  return 1 + Math.floor(((Math.min(Math.max(shares, 2), 262144) - 2) * 9999) / 262142);
}

const REMOVE_RETRY_MS = 20;
const REMOVE_TRIES = 100;

/** One container's group of processes in cgroup v2 (Documentation/admin-guide/cgroup-v2.rst). */
export class Cgroup {
  readonly path: string;
  readonly #files: Files;

  constructor(files: Files, path: string) {
    this.#files = files;
    this.path = path;
  }

  /** Makes the group; one that is left from before is emptied first. */
  create(): void {
    if (this.#files.exists(this.path)) this.kill();
    else this.#files.makeDirectory(this.path);
  }

  /** Throws ENOENT where the kernel lacks the controller. */
  apply(limits: ResourceLimits): void {
    const write = (name: string, value: number | undefined): void => {
      if (value !== undefined) this.#files.write(`${this.path}/${name}`, value < 0 ? "max" : `${value}`);
    };
    write("memory.max", limits.memory);
    write("memory.swap.max", limits.swap);
    write("memory.low", limits.memoryReservation);
    write("cpu.weight", limits.cpuWeight);
    write("pids.max", limits.pids);
    const { cpuQuota = 0, cpuPeriod = 0 } = limits;
    if (cpuQuota !== 0 || cpuPeriod !== 0)
      this.#files.write(`${this.path}/cpu.max`, `${cpuQuota > 0 ? cpuQuota : "max"} ${cpuPeriod || 100_000}`);
  }

  /** Kills every process in the group. */
  kill(): void {
    this.#writeIfThere("cgroup.kill", "1");
  }

  freeze(frozen: boolean): void {
    this.#files.write(`${this.path}/cgroup.freeze`, frozen ? "1" : "0");
  }

  /** Whether the kernel has killed a process here for want of memory. */
  outOfMemory(): boolean {
    return /^oom_kill [1-9]/m.test(this.#read("memory.events"));
  }

  /** The processes in the group, by their numbers as the host sees them. */
  processes(): number[] {
    return this.#read("cgroup.procs").split("\n").filter(Boolean).map(Number);
  }

  /** Removes the group. False while processes are still dying in it. */
  remove(): boolean {
    try {
      this.#files.removeDirectory(this.path);
      return true;
    } catch (error) {
      if (isSysError(error, "ENOENT")) return true;
      if (isSysError(error, "EBUSY")) return false;
      throw error;
    }
  }

  /**
   * Kills what is in the group and removes it. The kernel lets go only when the last process is reaped, so the
   * rest may happen a little later, unless `inUse` says that the group serves again.
   */
  clear(clock: Clock, inUse: () => boolean = () => false, tries = REMOVE_TRIES): void {
    this.kill();
    if (this.remove() || tries === 0) return;
    clock.after(REMOVE_RETRY_MS, () => {
      if (!inUse()) this.clear(clock, inUse, tries - 1);
    });
  }

  #read(name: string): string {
    try {
      return this.#files.readText(`${this.path}/${name}`);
    } catch (error) {
      if (isSysError(error, "ENOENT", "ENODEV")) return "";
      throw error;
    }
  }

  #writeIfThere(name: string, text: string): void {
    try {
      this.#files.write(`${this.path}/${name}`, text);
    } catch (error) {
      if (!isSysError(error, "ENOENT", "ENODEV")) throw error;
    }
  }
}

/** The part of the cgroup tree that containers live in. */
export class CgroupTree {
  /** Controllers that work here: "memory", "cpu", "pids", "io"... */
  readonly controllers: ReadonlySet<string>;
  readonly #files: Files;
  readonly #root: string;

  private constructor(files: Files, root: string, controllers: ReadonlySet<string>) {
    this.#files = files;
    this.#root = root;
    this.controllers = controllers;
  }

  /**
   * Finds cgroup v2, also where it is mounted beside v1 ("hybrid") and has few or no controllers, and prepares the
   * group `parent` below its root: a name, or names with slashes between them.
   */
  static open(files: Files, parent: string): CgroupTree {
    const base = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"].find(path =>
      files.exists(`${path}/cgroup.controllers`),
    );
    if (base === undefined) throw new Error("cgroup v2 is not mounted at /sys/fs/cgroup");
    let root = base;
    let controllers: string[] = [];
    for (const name of parent.split("/").filter(Boolean)) {
      root = `${root}/${name}`;
      if (!files.exists(root)) files.makeDirectory(root);
      controllers = files.readText(`${root}/cgroup.controllers`).trim().split(" ").filter(Boolean);
      for (const controller of controllers) files.write(`${root}/cgroup.subtree_control`, `+${controller}`);
    }
    return new CgroupTree(files, root, new Set(controllers));
  }

  /** The groups that are there. */
  names(): string[] {
    return this.#files
      .list(this.#root)
      .filter(name => this.#files.stat(`${this.#root}/${name}`)?.kind === "directory");
  }

  group(id: string): Cgroup {
    return new Cgroup(this.#files, `${this.#root}/${id}`);
  }
}
