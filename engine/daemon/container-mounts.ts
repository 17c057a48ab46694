import { EngineError, messageOf } from "../base/errors.ts";
import { cleanPath } from "../base/paths.ts";
import type { Container } from "../container/container.ts";
import type { MountPoint } from "../container/mount-point.ts";
import { tmpfsOptions } from "../container/parse-mount.ts";
import { defaultMounts } from "../runtime/default-mounts.ts";
import type { ContainerSpec, MountSpec } from "../runtime/process-spec.ts";
import { isSysError } from "../sys/files.ts";
import { MountFlag } from "../sys/kernel.ts";
import { checkTmpfsOptions, parseMountOptions, propagationFlags } from "../sys/mount-options.ts";
import type { BindAccess, BindMount } from "../sys/views.ts";
import type { Daemon } from "./daemon.ts";
import { checkPropagation } from "./mount-propagation.ts";

/** The files that Docker writes for each container, and where programs look for them. */
const NETWORK_FILES = ["resolv.conf", "hostname", "hosts"];

/** What a tmpfs of a container has unless its options say otherwise. */
const TMPFS_DEFAULTS = ["noexec", "nosuid", "nodev"];

function conflict(names: string): never {
  throw new EngineError("system", `mount options conflict: ${names}`);
}

function accessOf(mount: MountPoint): BindAccess {
  const options = mount.Type === "bind" ? mount.Spec.BindOptions : undefined;
  const flat = options?.ReadOnlyNonRecursive ?? false;
  const deep = options?.ReadOnlyForceRecursive ?? false;
  if (flat && !mount.Spec.ReadOnly) conflict("!ReadOnly && BindOptions.ReadOnlyNonRecursive");
  if (deep && !mount.Spec.ReadOnly) conflict("!ReadOnly && BindOptions.ReadOnlyForceRecursive");
  if (flat && deep) conflict("ReadOnlyNonRecursive && BindOptions.ReadOnlyForceRecursive");
  if (mount.RW) return "writable";
  return flat ? "read-only" : "read-only-tree";
}

function bindOf(mount: MountPoint): BindMount {
  return {
    target: mount.Destination,
    source: mount.Source,
    subpath: mount.Spec.VolumeOptions?.Subpath ?? "",
    recursive: !(mount.Type === "bind" && mount.Spec.BindOptions?.NonRecursive),
    access: accessOf(mount),
    propagation: propagationFlags(mount.Propagation),
  };
}

/** Makes what a mount shows, where Docker makes it: the missing source of a `-v`. */
function prepareSource(daemon: Daemon, mount: MountPoint): void {
  const { files } = daemon.sys;
  const { Source: source } = mount;
  if (mount.Type === "bind" && !mount.SkipMountpointCreation && !files.stat(source, true)) {
    try {
      files.makeDirectories(source, 0o755);
    } catch (error) {
      if (isSysError(error, "ENOTDIR")) return; // the mount will say it better
      throw new EngineError(
        "system",
        `error while creating mount source path '${source}': ${messageOf(error)}`,
        { cause: error },
      );
    }
  }
  const subpath = mount.Spec.VolumeOptions?.Subpath;
  if (subpath && !files.stat(`${source}/${subpath}`, true)) {
    const path = cleanPath(`${source}/${subpath}`);
    throw new EngineError(
      "not-found",
      `cannot access path ${path}: lstat ${path}: no such file or directory`,
    );
  }
}

/** The destinations of a container's tmpfs mounts with their options, from `--tmpfs` and from `--mount`. */
function tmpfsOf(container: Container): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const [path, options] of Object.entries(container.hostConfig.Tmpfs ?? {}))
    found.set(cleanPath(path), options.split(","));
  for (const mount of Object.values(container.mountPoints))
    if (mount.Type === "tmpfs") found.set(mount.Destination, tmpfsOptions(mount.Spec));
  return found;
}

function tmpfsMount(target: string, asked: readonly string[]): MountSpec {
  checkTmpfsOptions(asked);
  const { flags, data } = parseMountOptions([...TMPFS_DEFAULTS, ...asked]);
  return { target, source: "tmpfs", type: "tmpfs", flags, data };
}

/** The container's own hosts file and the like, where they are and nothing was mounted in their place. */
function networkFiles(daemon: Daemon, container: Container): BindMount[] {
  const access = container.hostConfig.ReadonlyRootfs ? "read-only" : "writable";
  return NETWORK_FILES.map(
    name =>
      ({
        target: `/etc/${name}`,
        source: daemon.containerFiles.path(container.id, name),
        subpath: "",
        recursive: true,
        access,
        propagation: MountFlag.private | MountFlag.recursive,
      }) as const,
  ).filter(({ target, source }) => !container.mountPoints[target] && daemon.sys.files.exists(source));
}

/** A mount must not hide those inside it: fewer parts come first. */
function byDepth<T extends { readonly target: string }>(mounts: readonly T[]): T[] {
  const depth = ({ target }: T): number => target.split("/").length;
  return mounts.toSorted((a, b) => depth(a) - depth(b));
}

/**
 * The host's files that a container sees, in the order in which they must be mounted: binds, volumes and the files that
 * the daemon writes. Makes missing sources. Throws in Docker's words.
 */
export function containerBinds(daemon: Daemon, container: Container): BindMount[] {
  const tmpfs = tmpfsOf(container);
  const binds = Object.values(container.mountPoints)
    .filter(mount => mount.Type !== "tmpfs" && !tmpfs.has(mount.Destination))
    .map(mount => {
      prepareSource(daemon, mount);
      return bindOf(mount);
    });
  return byDepth([...binds, ...networkFiles(daemon, container)]);
}

/** All mounts of a container: Docker's defaults, but for those that are replaced, and then its own. */
export function containerMounts(
  daemon: Daemon,
  container: Container,
): Pick<ContainerSpec, "mounts" | "sharesMounts"> {
  const { hostConfig } = container;
  const binds = containerBinds(daemon, container);
  checkPropagation(daemon, container, binds);
  const tmpfs = [...tmpfsOf(container)].map(([target, options]) => tmpfsMount(target, options));
  const own = byDepth<MountSpec | BindMount>([...binds, ...tmpfs]);
  const targets = new Set(own.map(({ target }) => target));
  const defaults = defaultMounts({ shmSize: hostConfig.ShmSize, privileged: hostConfig.Privileged }).filter(
    ({ target }) => !targets.has(target) && !(targets.has("/dev") && target.startsWith("/dev/")),
  );
  return {
    mounts: [...defaults, ...own],
    sharesMounts: binds.some(({ propagation }) => (propagation & MountFlag.shared) !== 0),
  };
}
