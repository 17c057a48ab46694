import type { FileKind } from "../files.ts";
import { type ErrorCode, sysError } from "./sys-error.ts";

const MOST_LINKS = 40; // as in Linux
const TREE_DEVICE = 1;

/** One inode. */
export interface Node {
  readonly ino: number;
  /** Of its file system: what is mounted has another than what lies around it. */
  readonly dev: number;
  readonly kind: FileKind;
  mode: number;
  uid: number;
  gid: number;
  mtimeMs: number;
  nlink: number;
  readonly major: number;
  readonly minor: number;
  /** Of a file. */
  content: Uint8Array;
  /** Of a symbolic link. */
  readonly target: string;
  /** Of a directory. */
  readonly entries: Map<string, Node>;
  /** The root of what is mounted here; the last one shows. */
  readonly mounts: Node[];
  /** Who watches it (inotify(7)). */
  readonly watchers: Set<() => void>;
}

/** Where a path leads: the directory that holds it, its name there, and what that names, if anything. */
export interface Place {
  readonly parent: Node;
  readonly name: string;
  readonly node: Node | undefined;
}

/** What a file system that is no plain storage does by itself, such as that of the cgroups. */
export interface FileSystemRules {
  /** A directory was made: it may get files at once. */
  made(directory: Node): void;
  /** Why a directory cannot be removed, if so. */
  refusal(directory: Node): ErrorCode | undefined;
  /** Text was written to a file of the directory. */
  written(directory: Node, name: string, text: string): void;
}

/** What a new inode is besides its kind. */
export type NodeParts = Partial<Pick<Node, "mode" | "content" | "target" | "major" | "minor">>;

/** The inodes of one machine. It outlives the processes that work on it. */
export class FileTree {
  readonly root: Node;
  /** Which process holds which lock, by path. */
  readonly locks = new Map<string, object>();
  /** The rules of file systems that have some, by device. */
  readonly rules = new Map<number, FileSystemRules>();
  readonly #now: () => number;
  #lastInode = 0;
  #lastDevice = TREE_DEVICE;

  /** `now` gives modification times, in milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
    this.root = this.make("directory", TREE_DEVICE, { mode: 0o755 });
  }

  /** An inode of a file system that has no name yet. */
  make(kind: FileKind, dev: number, parts: NodeParts = {}): Node {
    return {
      ino: ++this.#lastInode,
      dev,
      kind,
      mode: 0o644,
      uid: 0,
      gid: 0,
      mtimeMs: this.#now(),
      nlink: 1,
      major: 0,
      minor: 0,
      content: new Uint8Array(),
      target: "",
      entries: new Map(),
      mounts: [],
      watchers: new Set(),
      ...parts,
    };
  }

  /** The number of a new file system. */
  newDevice(): number {
    return ++this.#lastDevice;
  }

  /** Follows a path. With `follow`, a link at its end too. Throws ENOENT or ENOTDIR where it breaks off before its end. */
  find(path: string, syscall: string, follow: boolean): Place {
    const left = path.split("/").filter(Boolean);
    let place: Place = { parent: this.root, name: "", node: shown(this.root) };
    const stack: Node[] = [];
    let links = 0;
    for (let part = left.shift(); part !== undefined; part = left.shift()) {
      const { node } = place;
      if (!node) throw sysError("ENOENT", syscall, path);
      if (node.kind !== "directory") throw sysError("ENOTDIR", syscall, path);
      if (part === ".") continue;
      if (part === "..") {
        const above = stack.pop() ?? this.root;
        place = { parent: above, name: "", node: shown(above) };
        continue;
      }
      const found = node.entries.get(part);
      if (found?.kind === "symlink" && (left.length > 0 || follow)) {
        if (++links > MOST_LINKS) throw sysError("ELOOP", syscall, path);
        left.unshift(...found.target.split("/").filter(Boolean));
        if (!found.target.startsWith("/")) continue;
        stack.length = 0;
        place = { parent: this.root, name: "", node: shown(this.root) };
        continue;
      }
      stack.push(node);
      place = { parent: node, name: part, node: found && shown(found) };
    }
    return place;
  }

  /** The same for what must be there. */
  get(path: string, syscall: string, follow = true): Node {
    const { node } = this.find(path, syscall, follow);
    if (!node) throw sysError("ENOENT", syscall, path);
    return node;
  }

  /** Gives a new inode the name that a place has. */
  enter({ parent, name }: Place, kind: FileKind, parts: NodeParts = {}): Node {
    const node = this.make(kind, parent.dev, parts);
    parent.entries.set(name, node);
    if (kind === "directory") this.rules.get(node.dev)?.made(node);
    return node;
  }

  /** Notes that a file was written to, and tells those who watch it or its directory. */
  touch(node: Node, parent: Node): void {
    node.mtimeMs = this.#now();
    this.announce(node);
    this.announce(parent);
  }

  /** Tells those who watch an inode, as the kernel does: later. */
  announce(node: Node): void {
    for (const changed of node.watchers) queueMicrotask(changed);
  }
}

/** What a name shows: the inode, or what is mounted over it. */
function shown(node: Node): Node {
  const mounted = node.mounts.at(-1);
  return mounted ? shown(mounted) : node;
}
