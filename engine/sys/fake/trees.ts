import type { TreeCopy, Trees } from "../trees.ts";
import type { FakeFiles } from "./files.ts";

/** {@link Trees} in memory. A copy takes one turn for each file. */
export class FakeTrees implements Trees {
  readonly #files: FakeFiles;

  constructor(files: FakeFiles) {
    this.#files = files;
  }

  copy(from: string, to: string): TreeCopy {
    const steps = this.#steps(from, to);
    return { run: () => steps.next().done === true };
  }

  *#steps(from: string, to: string): Generator<undefined, void> {
    for (const name of this.#files.list(from)) {
      const [source, target] = [`${from}/${name}`, `${to}/${name}`];
      const info = this.#files.stat(source);
      if (!info || info.kind === "socket") continue;
      if (info.kind === "directory") {
        this.#files.makeDirectory(target, info.mode);
        yield* this.#steps(source, target);
      } else if (info.kind === "symlink") this.#files.symlink(this.#files.readLink(source), target);
      else if (info.kind === "file")
        this.#files.writeAtomic(target, this.#files.readBytes(source), info.mode);
      else this.#files.makeNode(target, info.kind, { mode: info.mode });
      this.#files.chown(target, info.uid, info.gid);
      yield;
    }
  }
}
