import type { Disposable, FileInfo, Files, OpenFile, WritableFile } from "../files.ts";
import { isSysError } from "../files.ts";
import { Faults } from "./faults.ts";
import type { FileTree, Node, NodeParts, Place } from "./file-tree.ts";
import { sysError } from "./sys-error.ts";

const DEFAULT_SPACE = { total: 1 << 30, free: 1 << 29 };

function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === "string" ? new TextEncoder().encode(data) : data.slice();
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

/** {@link Files} in memory, as one process sees a {@link FileTree}. Whose operations {@link Faults} may let fail. */
export class FakeFiles implements Files {
  readonly faults = new Faults();
  readonly tree: FileTree;
  /** What space() answers. */
  available: { total: number; free: number } = DEFAULT_SPACE;

  constructor(tree: FileTree) {
    this.tree = tree;
  }

  /** Puts files where they are named, with the directories above them. */
  seed(files: Readonly<Record<string, string | Uint8Array>>): void {
    for (const [path, content] of Object.entries(files)) {
      this.makeDirectories(path.slice(0, path.lastIndexOf("/")) || "/");
      this.writeAtomic(path, content, 0o644);
    }
  }

  readText(path: string): string {
    return new TextDecoder().decode(this.readBytes(path));
  }

  readBytes(path: string): Uint8Array {
    this.faults.checkAlive();
    return this.#file(path, "open").content.slice();
  }

  write(path: string, text: string): void {
    this.faults.check("write", path);
    const { parent, name } = this.#place(path, "open", true);
    const node = this.#file(path, "open");
    node.content = bytesOf(text);
    this.tree.touch(node, parent);
    this.tree.rules.get(parent.dev)?.written(parent, name, text);
  }

  writeAtomic(path: string, data: string | Uint8Array, mode = 0o600): void {
    const temporary = `${path}.tmp`;
    try {
      this.faults.check("open", temporary);
      const node = this.#openForWriting(temporary, mode);
      this.faults.check("write", temporary);
      node.content = bytesOf(data);
      this.tree.touch(node, this.tree.find(temporary, "write", false).parent);
      this.rename(temporary, path);
    } catch (error) {
      if (isSysError(error)) this.removeFile(temporary);
      throw error;
    }
  }

  append(path: string, text: string): void {
    this.faults.check("write", path);
    const place = this.#place(path, "open", true);
    const node = place.node ?? this.tree.enter(place, "file");
    if (node.kind === "directory") throw sysError("EISDIR", "open", path);
    node.content = joined(node.content, bytesOf(text));
    this.tree.touch(node, place.parent);
  }

  openRead(path: string): OpenFile {
    this.faults.checkAlive();
    const node = this.#file(path, "open");
    let position = 0;
    return {
      read: buffer => {
        const piece = node.content.subarray(position, position + buffer.length);
        buffer.set(piece);
        position += piece.length;
        return piece.length;
      },
      seek: offset => {
        position = offset;
      },
      close: () => {},
    };
  }

  openWrite(path: string): WritableFile {
    this.faults.check("open", path);
    const node = this.#openForWriting(path, 0o600);
    const { parent } = this.tree.find(path, "open", true);
    return {
      write: data => {
        this.faults.check("write", path);
        node.content = joined(node.content, data);
        this.tree.touch(node, parent);
      },
      close: () => {},
    };
  }

  stat(path: string, follow = false): FileInfo | null {
    this.faults.checkAlive();
    const node = this.#lookUp(path, "lstat", follow);
    if (!node) return null;
    const { kind, mode, uid, gid, ino, dev, nlink, major, minor, mtimeMs, content } = node;
    return { kind, mode, size: content.length, uid, gid, ino, dev, nlink, major, minor, mtimeMs };
  }

  exists(path: string): boolean {
    return this.stat(path) !== null;
  }

  list(path: string): string[] {
    this.faults.checkAlive();
    const node = this.#lookUp(path, "open", true);
    if (!node) return [];
    if (node.kind !== "directory") throw sysError("ENOTDIR", "open", path);
    return [...node.entries.keys()].toSorted();
  }

  makeDirectory(path: string, mode = 0o755): void {
    this.faults.check("mkdir", path);
    const place = this.#place(path, "mkdir", false);
    if (place.node) throw sysError("EEXIST", "mkdir", path);
    this.tree.enter(place, "directory", { mode });
  }

  makeDirectories(path: string, mode = 0o755): void {
    const parts = path.split("/").filter(Boolean);
    for (let count = 1; count <= parts.length; count++) {
      const part = `/${parts.slice(0, count).join("/")}`;
      const node = this.#lookUp(part, "mkdir", true);
      if (!node) this.makeDirectory(part, mode);
      else if (node.kind !== "directory") throw sysError("ENOTDIR", "mkdir", part);
    }
  }

  removeFile(path: string): void {
    const node = this.#lookUp(path, "unlink", false);
    if (!node) return;
    if (node.kind === "directory") throw sysError("EISDIR", "unlink", path);
    this.#remove(path, "unlink");
  }

  removeDirectory(path: string): void {
    const node = this.tree.get(path, "rmdir", false);
    if (node.kind !== "directory") throw sysError("ENOTDIR", "rmdir", path);
    const rules = this.tree.rules.get(node.dev);
    const refusal = rules ? rules.refusal(node) : node.entries.size > 0 ? "ENOTEMPTY" : undefined;
    if (refusal) throw sysError(refusal, "rmdir", path);
    this.#remove(path, "rmdir");
  }

  removeTree(path: string): void {
    const node = this.#lookUp(path, "remove", false);
    if (!node) return;
    if (node.kind !== "directory") {
      this.removeFile(path);
      return;
    }
    for (const name of node.entries.keys()) this.removeTree(`${path}/${name}`);
    this.removeDirectory(path);
  }

  rename(from: string, to: string): void {
    this.faults.check("rename", to);
    const source = this.#place(from, "rename", false);
    const target = this.#place(to, "rename", false);
    const { node } = source;
    if (!node) throw sysError("ENOENT", "rename", to);
    if (target.node?.kind === "directory") {
      if (node.kind !== "directory") throw sysError("EISDIR", "rename", to);
      if (target.node.entries.size > 0) throw sysError("ENOTEMPTY", "rename", to);
    } else if (target.node && node.kind === "directory") throw sysError("ENOTDIR", "rename", to);
    source.parent.entries.delete(source.name);
    target.parent.entries.set(target.name, node);
    if (target.node) this.tree.announce(target.node);
    this.tree.announce(node);
  }

  symlink(target: string, path: string): void {
    this.faults.check("symlink", path);
    const place = this.#place(path, "symlink", false);
    if (place.node) throw sysError("EEXIST", "symlink", path);
    this.tree.enter(place, "symlink", { target, mode: 0o777 });
  }

  /** A second name of a file. */
  link(from: string, path: string): void {
    this.faults.check("link", path);
    const place = this.#place(path, "link", false);
    if (place.node) throw sysError("EEXIST", "link", path);
    const node = this.tree.get(from, "link", false);
    node.nlink++;
    place.parent.entries.set(place.name, node);
  }

  /** A device, FIFO or socket. */
  makeNode(path: string, kind: Node["kind"], parts: NodeParts = {}): void {
    this.faults.check("mknod", path);
    const place = this.#place(path, "mknod", false);
    if (place.node) throw sysError("EEXIST", "mknod", path);
    this.tree.enter(place, kind, parts);
  }

  readLink(path: string): string {
    const node = this.tree.get(path, "readlink", false);
    if (node.kind !== "symlink") throw sysError("EINVAL", "readlink", path);
    return node.target;
  }

  chmod(path: string, mode: number): void {
    this.faults.check("chmod", path);
    this.tree.get(path, "chmod").mode = mode;
  }

  chown(path: string, uid: number, gid: number): void {
    this.faults.check("lchown", path);
    Object.assign(this.tree.get(path, "lchown", false), { uid, gid });
  }

  treeSize(path: string): number {
    const seen = new Set<Node>();
    const sizeOf = (node: Node): number => {
      if (seen.has(node)) return 0;
      seen.add(node);
      if (node.kind !== "directory") return node.kind === "file" ? node.content.length : 0;
      return [...node.entries.values()].reduce((sum, entry) => sum + sizeOf(entry), 0);
    };
    return sizeOf(this.tree.get(path, "open"));
  }

  space(): { total: number; free: number } {
    return this.available;
  }

  watch(path: string, changed: () => void): Disposable {
    const { watchers } = this.tree.get(path, "inotify_add_watch");
    const tell = (): void => changed(); // one each, so that the same function may watch twice
    watchers.add(tell);
    return { dispose: () => watchers.delete(tell) };
  }

  lock(path: string): boolean {
    this.append(path, "");
    const holder = this.tree.locks.get(path) ?? this;
    this.tree.locks.set(path, holder);
    return holder === this;
  }

  #place(path: string, syscall: string, follow: boolean): Place {
    this.faults.checkAlive();
    return this.tree.find(path, syscall, follow);
  }

  /** As stat(2) is used here: nothing where the path breaks off. */
  #lookUp(path: string, syscall: string, follow: boolean): Node | undefined {
    try {
      return this.#place(path, syscall, follow).node;
    } catch (error) {
      if (isSysError(error, "ENOENT", "ENOTDIR")) return undefined;
      throw error;
    }
  }

  #file(path: string, syscall: string): Node {
    const node = this.tree.get(path, syscall);
    if (node.kind === "directory") throw sysError("EISDIR", "read", path);
    return node;
  }

  /** O_CREAT|O_TRUNC */
  #openForWriting(path: string, mode: number): Node {
    const place = this.#place(path, "open", true);
    const { node } = place;
    if (!node) return this.tree.enter(place, "file", { mode });
    if (node.kind === "directory") throw sysError("EISDIR", "open", path);
    node.content = new Uint8Array();
    return node;
  }

  #remove(path: string, syscall: string): void {
    this.faults.check(syscall, path);
    const { parent, name, node } = this.#place(path, syscall, false);
    if (parent.entries.get(name)?.mounts.length) throw sysError("EBUSY", syscall, path);
    parent.entries.delete(name);
    if (node) {
      node.nlink--;
      this.tree.announce(node);
    }
  }
}
