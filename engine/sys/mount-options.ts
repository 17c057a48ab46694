import { EngineError } from "../base/errors.ts";
import { MountFlag } from "./kernel.ts";

const rec = MountFlag.recursive;

/** mount(8)'s options that stand for flags of mount(2); a false second part takes the flag away. */
const OPTIONS: Readonly<Record<string, readonly [flag: number, set: boolean]>> = {
  ro: [MountFlag.readOnly, true],
  rw: [MountFlag.readOnly, false],
  suid: [MountFlag.noSuid, false],
  nosuid: [MountFlag.noSuid, true],
  dev: [MountFlag.noDev, false],
  nodev: [MountFlag.noDev, true],
  exec: [MountFlag.noExec, false],
  noexec: [MountFlag.noExec, true],
  sync: [MountFlag.synchronous, true],
  async: [MountFlag.synchronous, false],
  dirsync: [MountFlag.synchronousDirectories, true],
  remount: [MountFlag.remount, true],
  mand: [MountFlag.mandatoryLocks, true],
  nomand: [MountFlag.mandatoryLocks, false],
  atime: [MountFlag.noAtime, false],
  noatime: [MountFlag.noAtime, true],
  diratime: [MountFlag.noDirectoryAtime, false],
  nodiratime: [MountFlag.noDirectoryAtime, true],
  relatime: [MountFlag.relativeAtime, true],
  norelatime: [MountFlag.relativeAtime, false],
  strictatime: [MountFlag.strictAtime, true],
  nostrictatime: [MountFlag.strictAtime, false],
  bind: [MountFlag.bind, true],
  rbind: [MountFlag.bind | rec, true],
  unbindable: [MountFlag.unbindable, true],
  runbindable: [MountFlag.unbindable | rec, true],
  private: [MountFlag.private, true],
  rprivate: [MountFlag.private | rec, true],
  slave: [MountFlag.slave, true],
  rslave: [MountFlag.slave | rec, true],
  shared: [MountFlag.shared, true],
  rshared: [MountFlag.shared | rec, true],
};

/** Those that say how mounts spread to other namespaces (mount_namespaces(7)); there can be one at a time. */
const PROPAGATION = MountFlag.unbindable | MountFlag.private | MountFlag.slave | MountFlag.shared;

/** Options in the kernel's terms. */
export interface ParsedMountOptions {
  /** Without those of the propagation. */
  readonly flags: number;
  /** A propagation's flags, with {@link MountFlag.recursive}; 0 where none was asked for. */
  readonly propagation: number;
  /** What only the file system understands. */
  readonly data: string;
}

/** Reads the options of mount(8): "ro,nosuid,size=10m". */
export function parseMountOptions(options: readonly string[]): ParsedMountOptions {
  let flags = 0;
  let propagation = 0;
  const data: string[] = [];
  for (const option of options) {
    const known = OPTIONS[option];
    if (!known) {
      if (option !== "" && option !== "defaults") data.push(option);
      continue;
    }
    const [flag, set] = known;
    if (flag & PROPAGATION) propagation = flag;
    else flags = set ? flags | flag : flags & ~flag;
  }
  return { flags, propagation, data: data.join(",") };
}

/** The flags of a propagation mode by its name, such as "rslave"; 0 for an empty one. */
export function propagationFlags(mode: string): number {
  return parseMountOptions([mode]).propagation;
}

const TMPFS_DATA = new Set(["size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol"]);

/** Throws "invalid" in Docker's words where an option means nothing to a tmpfs. */
export function checkTmpfsOptions(options: readonly string[]): void {
  for (const option of options) {
    if (option === "" || option === "defaults" || OPTIONS[option]) continue;
    const equals = option.indexOf("=");
    const words = equals < 0 ? [option] : [option.slice(0, equals), option.slice(equals + 1)];
    if (words.length < 2 || !TMPFS_DATA.has(words[0] ?? ""))
      throw new EngineError(
        "invalid",
        `invalid tmpfs option [${words.map(word => JSON.stringify(word)).join(" ")}]`,
      );
  }
}
