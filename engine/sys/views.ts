import type { Packer, UnpackOptions, Unpacker } from "./bytes.ts";
import type { FileInfo } from "./files.ts";
import type { TreeChange } from "./trees.ts";

/** What one can do to a bind mount; a "read-only-tree" holds for the mounts below it too. */
export type BindAccess = "writable" | "read-only" | "read-only-tree";

/** A bind mount inside a root. */
export interface BindMount {
  /** A path inside the root, made where it is missing. */
  readonly target: string;
  readonly source: string;
  /** What to show of the source, which no link may lead out of; empty for all. */
  readonly subpath: string;
  /** With the mounts below the source. */
  readonly recursive: boolean;
  readonly access: BindAccess;
  /** A {@link MountFlag} such as `private`, with `recursive` for the mounts below too; 0 leaves it. */
  readonly propagation: number;
}

/** The numbers that the native code knows an access by. */
export const accessNumber: Readonly<Record<BindAccess, number>> = {
  writable: 0,
  "read-only": 1,
  "read-only-tree": 2,
};

/** What stat(2) tells of a path in a view; `mtimeNs` is the part of the time below a second. */
export interface PathInfo extends FileInfo {
  readonly mtimeNs: number;
}

/** A directory of a view that is held open. */
export interface OpenDirectory {
  /** A path of ours that leads there. */
  readonly path: string;
  close(): void;
}

/**
 * A root file system that is not ours, seen through the mounts over it. Paths are those inside: no link leads out,
 * not even while a container changes its files.
 */
export interface FileView {
  /** null where nothing is there. Only links in front of the last part are followed, unless it ends in "/". */
  stat(path: string): PathInfo | null;
  readLink(path: string): string;
  /** A text file; empty where there is none. */
  readText(path: string): string;
  /** Opens a directory for those who take a path of ours; null where there is none. Close it before the view. */
  openDirectory(path: string): OpenDirectory | null;
  /** Packs the one entry `name` of a directory ("." for itself) under the name `rename`. */
  pack(directory: string, name: string, rename: string): Packer;
  /** Unpacks into a directory. */
  unpack(directory: string, options: Pick<UnpackOptions, "keepKinds" | "owner">): Unpacker;
  /** What an overlay's upper directory, a path of ours, changes in what the view shows; sorted by path. */
  changesIn(upper: string): TreeChange[];
  /** Takes the mounts away; packers and unpackers must be done by then. Safe to repeat. */
  close(): void;
}

/** Views, each in a mount namespace of its own: nobody else sees their mounts, and they end with this process. */
export interface Views {
  /** Shows a directory with mounts over it. */
  open(root: string, binds: readonly BindMount[]): FileView;
  /** Shows a read-only overlay with these options, relative to a directory where one is given. */
  openOverlay(root: string, options: string, directory?: string): FileView;
}
