import { EngineError } from "../base/errors.ts";
import type { Files } from "../sys/files.ts";

const MOST_LINKS = 255;

/** What can tell where the links of a root file system lead. Paths are those inside. */
export interface LinkReader {
  /** Of a link itself; null where nothing is there. */
  stat(path: string): { readonly kind: string } | null;
  readLink(path: string): string;
}

/**
 * Where a path of a container's leads, links followed as if its root file system were "/": a clean path. The last
 * parts need not exist. Throws "invalid" on a loop of links.
 */
export function followLinks(files: LinkReader, path: string): string {
  const left = path.split("/");
  const done: string[] = [];
  let links = 0;
  for (let part = left.shift(); part !== undefined; part = left.shift()) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      done.pop();
      continue;
    }
    const here = `/${[...done, part].join("/")}`;
    if (files.stat(here)?.kind !== "symlink") {
      done.push(part);
      continue;
    }
    if (++links > MOST_LINKS) throw new EngineError("invalid", `too many levels of symbolic links: ${path}`);
    const target = files.readLink(here);
    if (target.startsWith("/")) done.length = 0;
    left.unshift(...target.split("/"));
  }
  return `/${done.join("/")}`;
}

/** The same as a path of the host's, for a root file system that is mounted there. */
export function pathInRootfs(files: Files, rootfs: string, path: string): string {
  const inside = followLinks(
    { stat: at => files.stat(rootfs + at), readLink: at => files.readLink(rootfs + at) },
    path,
  );
  return inside === "/" ? rootfs : rootfs + inside;
}

/** A text file of a container's; empty where it has none. */
export function readInRootfs(files: Files, rootfs: string, path: string): string {
  const place = pathInRootfs(files, rootfs, path);
  return files.stat(place)?.kind === "file" ? files.readText(place) : "";
}
