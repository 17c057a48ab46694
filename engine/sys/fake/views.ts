import type { Packer, UnpackOptions, Unpacker } from "../bytes.ts";
import { isSysError } from "../files.ts";
import type { TreeChange } from "../trees.ts";
import type { BindMount, FileView, OpenDirectory, PathInfo, Views } from "../views.ts";
import type { FakeBytes } from "./bytes.ts";
import type { FakeFiles } from "./files.ts";
import type { FakeMounts } from "./mounts.ts";
import { sysError } from "./sys-error.ts";

const MOST_LINKS = 40; // as in Linux

/** What a view works on. */
interface Parts {
  readonly files: FakeFiles;
  readonly bytes: FakeBytes;
}

class FakeView implements FileView {
  readonly #parts: Parts;
  readonly #root: string;
  readonly #binds: readonly BindMount[];
  readonly #closed: () => void;
  #open = true;

  constructor(parts: Parts, root: string, binds: readonly BindMount[], closed: () => void) {
    this.#parts = parts;
    this.#root = root;
    this.#binds = binds;
    this.#closed = closed;
  }

  stat(path: string): PathInfo | null {
    const info = this.#parts.files.stat(this.#resolve(path));
    return info && { ...info, mtimeNs: (info.mtimeMs % 1000) * 1e6 };
  }

  readLink(path: string): string {
    return this.#parts.files.readLink(this.#resolve(path));
  }

  readText(path: string): string {
    try {
      return this.#parts.files.readText(this.#resolve(`${path}/`));
    } catch (error) {
      if (isSysError(error, "ENOENT", "ENOTDIR", "EISDIR")) return "";
      throw error;
    }
  }

  openDirectory(path: string): OpenDirectory | null {
    const place = this.#resolve(`${path}/`);
    if (this.#parts.files.stat(place)?.kind !== "directory") return null;
    return { path: place, close: () => {} };
  }

  pack(directory: string, name: string, rename: string): Packer {
    return this.#parts.bytes.createPacker(this.#resolve(`${directory}/`), { name, rename });
  }

  unpack(directory: string, options: Pick<UnpackOptions, "keepKinds" | "owner">): Unpacker {
    return this.#parts.bytes.createUnpacker(this.#resolve(`${directory}/`), options);
  }

  changesIn(upper: string): TreeChange[] {
    const { files } = this.#parts;
    const changes: TreeChange[] = [];
    const visit = (directory: string): void => {
      for (const name of files.list(upper + directory)) {
        const path = `${directory}/${name}`;
        const info = files.stat(upper + path);
        const isWhiteout = info?.kind === "char-device" && info.major === 0 && info.minor === 0;
        const below = this.stat(path) ? "modified" : "added";
        changes.push({ kind: isWhiteout ? "deleted" : below, path });
        if (info?.kind === "directory") visit(path);
      }
    };
    visit("");
    return changes;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#closed();
  }

  /** Where something inside is outside. */
  #outside(path: string): string {
    let best: BindMount | undefined;
    for (const bind of this.#binds)
      if (path === bind.target || path.startsWith(`${bind.target}/`))
        if (bind.target.length > (best?.target.length ?? 0)) best = bind;
    if (!best) return this.#root + path;
    const source = best.subpath === "" ? best.source : `${best.source}/${best.subpath}`;
    return source + path.slice(best.target.length);
  }

  /** Follows links as if the root were "/"; one at the end only where the path ends in "/". */
  #resolve(path: string): string {
    if (!this.#open) throw new Error(`the view is closed: ${path}`);
    const left = path.split("/");
    const done: string[] = [];
    let links = 0;
    for (let part = left.shift(); part !== undefined; part = left.shift()) {
      if (part === "..") done.pop();
      if (part === "" || part === "." || part === "..") continue;
      const place = this.#outside(`/${[...done, part].join("/")}`);
      if (left.length === 0 || this.#parts.files.stat(place)?.kind !== "symlink") {
        done.push(part);
        continue;
      }
      if (++links > MOST_LINKS) throw sysError("ELOOP", "open", path);
      const target = this.#parts.files.readLink(place);
      if (target.startsWith("/")) done.length = 0;
      left.unshift(...target.split("/"));
    }
    return this.#outside(`/${done.join("/")}`.replace(/^\/$/, ""));
  }
}

/** {@link Views} in memory. A bind's places are made, but nobody is kept from writing to one that is read-only. */
export class FakeViews implements Views {
  /** How many are open. */
  count = 0;
  readonly #parts: Parts;
  readonly #mounts: FakeMounts;

  constructor(parts: Parts, mounts: FakeMounts) {
    this.#parts = parts;
    this.#mounts = mounts;
  }

  open(root: string, binds: readonly BindMount[]): FileView {
    const { files } = this.#parts;
    files.faults.check("clone", root);
    for (const { target, source } of binds) {
      const info = files.stat(source, true);
      if (!info) throw sysError("ENOENT", "mount", source);
      const place = root + target;
      if (files.stat(place)) continue;
      files.makeDirectories(info.kind === "directory" ? place : place.slice(0, place.lastIndexOf("/")));
      if (info.kind !== "directory") files.append(place, "");
    }
    return this.#count(new FakeView(this.#parts, root, binds, () => this.count--));
  }

  openOverlay(root: string, options: string, directory?: string): FileView {
    this.#mounts.mount({
      source: "overlay",
      target: root,
      type: "overlay",
      data: options,
      ...(directory === undefined ? {} : { directory }),
    });
    const close = (): void => {
      this.count--;
      this.#mounts.unmount(root);
    };
    return this.#count(new FakeView(this.#parts, root, [], close));
  }

  #count(view: FileView): FileView {
    this.count++;
    return view;
  }
}
