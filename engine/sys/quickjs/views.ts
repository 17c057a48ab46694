import * as fs from "native:fs";
import * as tar from "native:tar";
import * as tree from "native:tree";
import * as native from "native:view";
import type { Packer, UnpackOptions, Unpacker } from "../bytes.ts";
import { isSysError } from "../files.ts";
import type { TreeChange } from "../trees.ts";
import {
  accessNumber,
  type BindMount,
  type FileView,
  type OpenDirectory,
  type PathInfo,
  type Views,
} from "../views.ts";

const KINDS = ["modified", "added", "deleted"] as const;

/** A descriptor as a path. */
function pathOf(fd: number): string {
  return `/proc/self/fd/${fd}`;
}

class NativeView implements FileView {
  readonly #root: number;
  readonly #namespace: number;
  #open = true;

  constructor(root: number, namespace: number) {
    this.#root = root;
    this.#namespace = namespace;
  }

  stat(path: string): PathInfo | null {
    return native.stat(this.#root, path, false);
  }

  readLink(path: string): string {
    return native.readLink(this.#root, path);
  }

  readText(path: string): string {
    try {
      return this.#with(path, fs.O_RDONLY | fs.O_NONBLOCK, fs.readText);
    } catch (error) {
      if (isSysError(error, "ENOENT", "ENOTDIR", "EISDIR")) return "";
      throw error;
    }
  }

  openDirectory(path: string): OpenDirectory | null {
    try {
      const fd = native.openAt(this.#root, path, fs.O_RDONLY | fs.O_DIRECTORY);
      return { path: pathOf(fd), close: () => fs.close(fd) };
    } catch (error) {
      if (isSysError(error, "ENOENT", "ENOTDIR")) return null;
      throw error;
    }
  }

  pack(directory: string, name: string, rename: string): Packer {
    const flags = fs.O_RDONLY | fs.O_DIRECTORY;
    return this.#with(directory, flags, path => tar.createPacker(path, false, name, rename));
  }

  unpack(
    directory: string,
    { owner, keepKinds = false }: Pick<UnpackOptions, "keepKinds" | "owner">,
  ): Unpacker {
    const ownership = owner === "us" ? { ours: true } : owner;
    const options = { whiteouts: false, digests: false, below: directory, keepKinds, ...ownership };
    return tar.createUnpacker(pathOf(this.#root), options);
  }

  changesIn(upper: string): TreeChange[] {
    const found = tree.changes(upper, pathOf(this.#root));
    const changes: TreeChange[] = [];
    for (let i = 0; i + 1 < found.length; i += 2)
      changes.push({ kind: KINDS[Number(found[i])] ?? "modified", path: String(found[i + 1]) });
    return changes;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    fs.close(this.#root);
    fs.close(this.#namespace);
  }

  /** Works on something inside through a path of ours. */
  #with<T>(path: string, flags: number, work: (path: string) => T): T {
    const fd = native.openAt(this.#root, path, flags);
    try {
      return work(pathOf(fd));
    } finally {
      fs.close(fd);
    }
  }
}

/** {@link Views} on native:view. */
export class NativeViews implements Views {
  open(root: string, binds: readonly BindMount[]): FileView {
    const mounts = binds.map(bind => ({ ...bind, access: accessNumber[bind.access] }));
    return new NativeView(...native.open(root, mounts));
  }

  openOverlay(root: string, options: string, directory?: string): FileView {
    return new NativeView(...native.open(root, [], options, directory));
  }
}
