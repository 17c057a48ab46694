import type { ContainerPathStat } from "../api/archive.ts";
import { EngineError } from "../base/errors.ts";
import { baseName } from "../base/paths.ts";
import { formatTimestamp } from "../base/timestamp.ts";
import { followLinks } from "../runtime/rootfs-path.ts";
import { type FileKind, isSysError } from "../sys/files.ts";
import type { FileView, PathInfo } from "../sys/views.ts";
import type { Daemon } from "./daemon.ts";
import { openFilesView } from "./files-view.ts";

/** Go's bits for what is not a permission (io/fs, FileMode). */
const KIND_BITS: Readonly<Record<FileKind, number>> = {
  file: 0,
  directory: 2 ** 31,
  symlink: 2 ** 27,
  "block-device": 2 ** 26,
  "char-device": 2 ** 26 + 2 ** 21,
  fifo: 2 ** 25,
  socket: 2 ** 24,
};
const SET_UID = 0o4000;
const SET_GID = 0o2000;
const STICKY = 0o1000;

function goMode({ kind, mode }: PathInfo): number {
  return (
    KIND_BITS[kind] +
    (mode & SET_UID ? 2 ** 23 : 0) +
    (mode & SET_GID ? 2 ** 22 : 0) +
    (mode & STICKY ? 2 ** 20 : 0) +
    (mode & 0o777)
  );
}

/** What a path of a view is. Throws ENOENT's answer, "not-found", where nothing is there. */
export function statPath(files: FileView, path: string): ContainerPathStat {
  const info = files.stat(path);
  if (!info) throw new EngineError("not-found", `lstat ${path}: no such file or directory`);
  return {
    name: baseName(path),
    size: info.size,
    mode: goMode(info),
    mtime: formatTimestamp({ seconds: Math.floor(info.mtimeMs / 1000), nanoseconds: info.mtimeNs }),
    linkTarget: info.kind === "symlink" ? linkTarget(files, path) : "",
  };
}

function linkTarget(files: FileView, path: string): string {
  try {
    return followLinks(files, path);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new EngineError("system", `evalSymlinksInScope: too many links in ${path}`, { cause: error });
  }
}

export function isDirectory(stat: ContainerPathStat): boolean {
  return stat.mode >= KIND_BITS.directory;
}

/** What to answer when work on a path of a container has failed. */
export function pathError(error: unknown, path: string, name: string): unknown {
  const absent = isSysError(error, "ENOENT") || (error instanceof EngineError && error.kind === "not-found");
  if (!absent) return error;
  return new EngineError("not-found", `Could not find the file ${path} in container ${name}`, {
    cause: error,
  });
}

/** What a path of a container is. Throws "not-found" in Docker's words. */
export function containerPathStat(daemon: Daemon, name: string, path: string): ContainerPathStat {
  const container = daemon.containers.find(name);
  try {
    const view = openFilesView(daemon, container);
    try {
      return statPath(view.files, path);
    } finally {
      view.close();
    }
  } catch (error) {
    throw pathError(error, path, name);
  }
}
