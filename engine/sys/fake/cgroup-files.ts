import type { FakeFiles } from "./files.ts";
import type { FileTree, Node } from "./file-tree.ts";

const ALWAYS = [
  "cgroup.controllers",
  "cgroup.subtree_control",
  "cgroup.procs",
  "cgroup.kill",
  "cgroup.freeze",
];

const OF_CONTROLLER: Readonly<Record<string, readonly string[]>> = {
  memory: ["memory.max", "memory.swap.max", "memory.low", "memory.events"],
  cpu: ["cpu.weight", "cpu.max"],
  pids: ["pids.max"],
};

/** The directories of cgroup v2, with the files that the kernel puts into them, and their rules. */
export class FakeCgroupFiles {
  /** Called with the processes of a group that is killed. */
  onKill: (pids: readonly number[]) => void = () => {};
  readonly #tree: FileTree;
  readonly #controllers: readonly string[];

  /** Mounts the file system at a path. */
  constructor(files: FakeFiles, path: string, controllers: readonly string[]) {
    const { tree } = files;
    this.#tree = tree;
    this.#controllers = controllers;
    files.makeDirectories(path);
    const root = tree.make("directory", tree.newDevice(), { mode: 0o755 });
    tree.rules.set(root.dev, {
      made: directory => this.#fill(directory),
      refusal: directory => (pidsOf(directory).length > 0 ? "EBUSY" : undefined),
      written: (directory, name) => {
        if (name === "cgroup.kill") this.onKill(pidsOf(directory));
      },
    });
    this.#fill(root);
    tree.get(path, "mount").mounts.push(root);
  }

  #fill(directory: Node): void {
    const names = [...ALWAYS, ...this.#controllers.flatMap(controller => OF_CONTROLLER[controller] ?? [])];
    const list = new TextEncoder().encode(`${this.#controllers.join(" ")}\n`);
    for (const name of names) {
      const content = name === "cgroup.controllers" ? list : new Uint8Array();
      directory.entries.set(name, this.#tree.make("file", directory.dev, { content }));
    }
  }
}

function pidsOf(directory: Node): number[] {
  const { content = new Uint8Array() } = directory.entries.get("cgroup.procs") ?? {};
  return new TextDecoder().decode(content).split("\n").filter(Boolean).map(Number);
}
