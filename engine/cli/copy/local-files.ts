/** The user's own side of `docker cp`: what a path means, and what is wrong with it in Docker's words. */
import { EngineError } from "../../base/errors.ts";
import { baseName, cleanPath, directedPath, meansContents, parentPath } from "../../base/paths.ts";
import type { FileInfo, Files } from "../../sys/files.ts";
import { type CopySource, type CopyTarget, splitEntry } from "./copy-plan.ts";

const MOST_LINKS = 255;
/** A target that is a link is followed less far. */
const MOST_TARGET_LINKS = 10;

type Lookup = Pick<Files, "stat" | "readLink">;

function fail(message: string): never {
  throw new EngineError("invalid", message);
}

/** A path without links. Throws where a part of it is missing, or is no directory though something follows. */
function realPath(files: Lookup, path: string): string {
  const left = path.split("/");
  let done = "";
  let links = 0;
  for (let part = left.shift(); part !== undefined; part = left.shift()) {
    if (part === "..") done = parentPath(done || "/").replace(/^\/$/, "");
    if (part === "" || part === "." || part === "..") continue;
    const here = `${done}/${part}`;
    const info = files.stat(here) ?? fail(`lstat ${here}: no such file or directory`);
    if (info.kind === "symlink") {
      if (++links > MOST_LINKS) fail("EvalSymlinks: too many links");
      const target = files.readLink(here);
      if (target.startsWith("/")) done = "";
      left.unshift(...target.split("/"));
    } else if (info.kind !== "directory" && left.length > 0) fail("not a directory");
    else done = here;
  }
  return done || "/";
}

/** A resolved path that asks for a directory where the given one does, and the name that this one gives. */
function directedLike(path: string, resolved: string): { path: string; name: string } {
  let directed = resolved;
  if (meansContents(path) && !meansContents(directed)) directed += "/.";
  if (path.endsWith("/") && !directed.endsWith("/")) directed += "/";
  return { path: directed, name: baseName(path) };
}

/**
 * What is to be copied. Links on the way to an absolute path are followed, one at its end only with `followLink`; it
 * keeps its name. Throws where nothing is there.
 */
export function localSource(files: Lookup, path: string, followLink: boolean): CopySource {
  const slash = path.lastIndexOf("/");
  const resolved = followLink
    ? directedLike(path, realPath(files, path))
    : {
        path: `${realPath(files, path.slice(0, slash + 1))}/${path.slice(slash + 1)}`,
        name: baseName(path),
      };
  const info = files.stat(resolved.path);
  if (!info) return fail(`lstat ${cleanPath(resolved.path)}: no such file or directory`);
  const isDirectory = info.kind === "directory";
  return { path: resolved.path, isDirectory, name: meansContents(path) ? "." : resolved.name };
}

/** What is at the place where something goes, a link at its end followed. Throws where it can't go there at all. */
export function localTarget(files: Lookup, path: string): CopyTarget {
  let place = path;
  let info = files.stat(place);
  for (let links = 0; info?.kind === "symlink"; links++) {
    if (links > MOST_TARGET_LINKS) fail(`too many symlinks in ${path}`);
    const target = files.readLink(place);
    place = target.startsWith("/") ? target : cleanPath(`${splitEntry(place).directory}/${target}`);
    info = files.stat(place);
  }
  if (info) return { path: place, kind: info.kind === "directory" ? "directory" : "other" };
  const { directory } = splitEntry(place);
  const above = files.stat(directory, true) ?? fail(`stat ${directory}: no such file or directory`);
  if (above.kind !== "directory") fail("not a directory");
  return { path: place, kind: "absent" };
}

/** Throws where nothing can be written to a path, or what is there is no file. */
export function checkOutputPath(files: Lookup, path: string): void {
  const directory = parentPath(cleanPath(path));
  const above = files.stat(directory, true);
  if (!above) fail(`invalid output path: directory ${JSON.stringify(directory)} does not exist`);
  const asksForDirectory = path.endsWith("/") || meansContents(path);
  const there = asksForDirectory ? files.stat(cleanPath(path), true) : null;
  if (above?.kind !== "directory" || (there && there.kind !== "directory"))
    fail(`stat ${path}: not a directory`);
  if (isDevice(files.stat(path, true)))
    fail(`invalid output path: ${JSON.stringify(path)} must be a directory or a regular file: got a device`);
}

function isDevice(info: FileInfo | null): boolean {
  return info?.kind === "char-device" || info?.kind === "block-device";
}

/** A path as the user means it, absolute; it still ends in "/" or "/." where the user's does. */
export function absolutePath(directory: string, path: string): string {
  return directedPath(path.startsWith("/") ? path : `${directory}/${path}`);
}
