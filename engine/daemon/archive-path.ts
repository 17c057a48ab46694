import type { ContainerPathStat } from "../api/archive.ts";
import { baseName, directedPath } from "../base/paths.ts";
import type { Packer } from "../sys/bytes.ts";
import type { FileView } from "../sys/views.ts";
import { type ArchiveStream, archiveStream } from "./archive-stream.ts";
import { type Daemon, publishContainerEvent } from "./daemon.ts";
import { openFilesView } from "./files-view.ts";
import { isDirectory, pathError, statPath } from "./path-stat.ts";

/** Packs a file or a directory under its own name; "/" has an empty one, "/dir/." packs as ".". */
function pack(files: FileView, path: string, stat: ContainerPathStat): Packer {
  const name = baseName(path);
  if (isDirectory(stat)) return files.pack(path, ".", name === "/" ? "" : name);
  const slash = path.lastIndexOf("/");
  return files.pack(path.slice(0, slash + 1), path.slice(slash + 1), name);
}

/**
 * Packs a file or directory of a container, whether it runs or not. Throws "not-found" in Docker's words. The caller
 * closes the archive.
 */
export function archivePath(
  daemon: Daemon,
  name: string,
  path: string,
): { stat: ContainerPathStat; archive: ArchiveStream } {
  const container = daemon.containers.find(name);
  try {
    const view = openFilesView(daemon, container);
    try {
      const absolute = directedPath(`/${path}`);
      const stat = statPath(view.files, absolute);
      const packer = pack(view.files, absolute, stat);
      publishContainerEvent(daemon, container, "archive-path");
      return { stat, archive: archiveStream(packer, daemon.sys.clock, () => view.close()) };
    } catch (error) {
      view.close();
      throw error;
    }
  } catch (error) {
    throw pathError(error, path, name);
  }
}
