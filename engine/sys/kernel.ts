/** mount(2)'s flags, and those of umount2(2). */
export const MountFlag = {
  readOnly: 1,
  noSuid: 2,
  noDev: 4,
  noExec: 8,
  synchronous: 16,
  remount: 32,
  mandatoryLocks: 64,
  synchronousDirectories: 128,
  noAtime: 1024,
  noDirectoryAtime: 2048,
  bind: 4096,
  recursive: 16384,
  unbindable: 1 << 17,
  private: 1 << 18,
  slave: 1 << 19,
  shared: 1 << 20,
  relativeAtime: 1 << 21,
  strictAtime: 1 << 24,
} as const;

/** umount2(2): lets go now, frees when nobody uses it. */
export const DETACH = 2;

/** clone(2)'s flags for namespaces. */
export const NamespaceFlag = {
  cgroup: 0x0200_0000,
  uts: 0x0400_0000,
  ipc: 0x0800_0000,
  user: 0x1000_0000,
  pid: 0x2000_0000,
  network: 0x4000_0000,
  mount: 0x0002_0000,
} as const;

/** mount(2), as the daemon itself uses it. */
export interface Mounts {
  /** With a directory, relative paths in source and data are taken from there. */
  mount(mount: {
    source?: string;
    target: string;
    type?: string;
    flags?: number;
    data?: string;
    directory?: string;
  }): void;
  unmount(target: string, flags?: number): void;
}

/** The machine, for `docker info` and for limits. */
export interface Machine {
  readonly hostname: string;
  /** uname(2): "6.1.0", "i686". */
  readonly release: string;
  readonly machine: string;
  /** Bytes. */
  readonly memory: number;
  readonly swap: number;
  readonly cpus: number;
}
