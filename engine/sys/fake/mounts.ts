import type { Mounts } from "../kernel.ts";
import type { FakeFiles } from "./files.ts";
import type { FileTree, Node } from "./file-tree.ts";
import { sysError } from "./sys-error.ts";

/** A call of mount(2). */
export type MountCall = Parameters<Mounts["mount"]>[0];

/**
 * {@link Mounts} that records its calls. An overlay shows its layers as they are at the time of the mount; what is
 * written to it is lost when it is unmounted. Other file systems are empty.
 */
export class FakeMounts implements Mounts {
  /** What is mounted now, in order. */
  readonly mounted: MountCall[] = [];
  readonly #files: FakeFiles;

  constructor(files: FakeFiles) {
    this.#files = files;
  }

  mount(mount: MountCall): void {
    this.#files.faults.check("mount", mount.target);
    const { tree } = this.#files;
    const target = tree.get(mount.target, "mount");
    const root = tree.make("directory", tree.newDevice(), { mode: 0o755 });
    if (mount.type === "overlay") for (const layer of this.#layers(mount)) lay(tree, root, layer);
    target.mounts.push(root);
    this.mounted.push(mount);
  }

  unmount(path: string): void {
    this.#files.faults.check("unmount", path);
    const index = this.mounted.findLastIndex(mount => mount.target === path);
    const { parent, name } = this.#files.tree.find(path, "unmount", true);
    const under = parent.entries.get(name);
    if (!under) throw sysError("ENOENT", "unmount", path);
    if (index < 0 || under.mounts.length === 0) throw sysError("EINVAL", "unmount", path);
    under.mounts.pop();
    this.mounted.splice(index, 1);
  }

  /** An overlay's layers, the lowest first. */
  #layers(mount: MountCall): Node[] {
    const options = new Map((mount.data ?? "").split(",").map(option => split(option)));
    const lower = (options.get("lowerdir") ?? "").split(":").toReversed();
    const paths = [...lower, options.get("upperdir") ?? ""].filter(Boolean);
    return paths.map(path => {
      const absolute = path.startsWith("/") ? path : `${mount.directory}/${path}`;
      return this.#files.tree.get(absolute, "mount");
    });
  }
}

function split(option: string): [name: string, value: string] {
  const equals = option.indexOf("=");
  return [option.slice(0, equals), option.slice(equals + 1)];
}

/** Lays a layer over what a directory shows. */
function lay(tree: FileTree, under: Node, layer: Node): void {
  for (const [name, node] of layer.entries) {
    const isWhiteout = node.kind === "char-device" && node.major === 0 && node.minor === 0;
    if (isWhiteout) {
      under.entries.delete(name);
      continue;
    }
    const { kind, mode, content, target, major, minor } = node;
    const below = under.entries.get(name);
    const merged =
      below?.kind === "directory" && kind === "directory"
        ? below
        : tree.make(kind, under.dev, { mode, content, target, major, minor });
    under.entries.set(name, merged);
    if (kind === "directory") lay(tree, merged, node);
  }
}
