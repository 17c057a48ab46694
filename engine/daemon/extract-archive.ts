import { EngineError, messageOf } from "../base/errors.ts";
import { isWithin } from "../base/paths.ts";
import type { Container } from "../container/container.ts";
import { followLinks } from "../runtime/rootfs-path.ts";
import { lookUpUser } from "../runtime/user-lookup.ts";
import { breathe } from "../sys/clock.ts";
import { isSysError } from "../sys/files.ts";
import type { Unpacker } from "../sys/bytes.ts";
import type { FileView } from "../sys/views.ts";
import { TURN } from "./archive-stream.ts";
import { type Daemon, publishContainerEvent } from "./daemon.ts";
import { openFilesView } from "./files-view.ts";
import { pathError } from "./path-stat.ts";

/** An archive while it arrives: the next piece, null at its end. */
export interface ArchiveSource {
  read(): Promise<Uint8Array | null>;
}

export interface ExtractOptions {
  /** Everything is to belong to the container's user. */
  readonly copyUidGid: boolean;
  /** Refuses to replace a directory by something else, and the reverse. */
  readonly keepKinds: boolean;
}

/** Throws "invalid" in Docker's words where the container itself could not write. */
function checkWritable(container: Container, path: string): void {
  const mounts = Object.values(container.mountPoints).filter(mount => isWithin(path, mount.Destination));
  const [nearest] = mounts.toSorted((a, b) => b.Destination.length - a.Destination.length);
  if (nearest && !nearest.RW) throw new EngineError("invalid", "mounted volume is marked read-only");
  if (!nearest && container.hostConfig.ReadonlyRootfs)
    throw new EngineError("invalid", "container rootfs is marked read-only");
}

function ownerOf(files: FileView, user: string): { uid: number; gid: number } {
  const found = lookUpUser(user, {
    passwd: files.readText("/etc/passwd"),
    group: files.readText("/etc/group"),
  });
  return { uid: found.uid, gid: found.gid };
}

function open(files: FileView, container: Container, path: string, options: ExtractOptions): Unpacker {
  const target = followLinks(files, `/${path}`);
  const info = files.stat(target);
  if (!info) throw new EngineError("not-found", `lstat ${target}: no such file or directory`);
  if (info.kind !== "directory") throw new EngineError("invalid", "extraction point is not a directory");
  checkWritable(container, target);
  const { User } = container.config;
  return files.unpack(target, {
    keepKinds: options.keepKinds,
    ...(options.copyUidGid && User !== "" ? { owner: ownerOf(files, User) } : {}),
  });
}

async function transfer(daemon: Daemon, source: ArchiveSource, unpacker: Unpacker): Promise<void> {
  let sinceTurn = 0;
  for (let piece = await source.read(); piece; piece = await source.read()) {
    unpacker.write(piece);
    sinceTurn += piece.length;
    if (sinceTurn < TURN) continue;
    sinceTurn = 0;
    await breathe(daemon.sys.clock);
  }
  unpacker.end();
}

/**
 * Unpacks an archive, plain or gzip-compressed, into a directory of a container while it arrives; what came before a
 * failure stays. Throws "not-found" and "invalid" in Docker's words.
 */
export async function extractArchive(
  daemon: Daemon,
  name: string,
  path: string,
  source: ArchiveSource,
  options: ExtractOptions,
): Promise<void> {
  const container = daemon.containers.find(name);
  try {
    const view = openFilesView(daemon, container);
    try {
      await transfer(daemon, source, open(view.files, container, path, options));
    } finally {
      view.close();
    }
  } catch (error) {
    if (isSysError(error) || error instanceof EngineError) throw pathError(error, path, name);
    throw new EngineError("system", messageOf(error), { cause: error });
  }
  publishContainerEvent(daemon, container, "extract-to-dir");
}
