import { EngineError } from "../base/errors.ts";
import type { Files } from "../sys/files.ts";

const MOST_LINKS = 255;

/**
 * Where a path of a container's lies on the host, links followed as if the root file system were "/". The last
 * parts need not exist. Throws "invalid" on a loop of links.
 */
export function pathInRootfs(files: Files, rootfs: string, path: string): string {
  const left = path.split("/");
  const done: string[] = [];
  let links = 0;
  for (let part = left.shift(); part !== undefined; part = left.shift()) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      done.pop();
      continue;
    }
    const here = `${rootfs}/${[...done, part].join("/")}`;
    if (files.stat(here)?.kind !== "symlink") {
      done.push(part);
      continue;
    }
    if (++links > MOST_LINKS) throw new EngineError("invalid", `too many levels of symbolic links: ${path}`);
    const target = files.readLink(here);
    if (target.startsWith("/")) done.length = 0;
    left.unshift(...target.split("/"));
  }
  return done.length === 0 ? rootfs : `${rootfs}/${done.join("/")}`;
}

/** A text file of a container's; empty where it has none. */
export function readInRootfs(files: Files, rootfs: string, path: string): string {
  const place = pathInRootfs(files, rootfs, path);
  return files.stat(place)?.kind === "file" ? files.readText(place) : "";
}
