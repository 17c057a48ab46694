import type { TreeCopy, Trees } from "../trees.ts";
import type { FakeFiles } from "./files.ts";

/** {@link Trees} in memory. */
export class FakeTrees implements Trees {
  /** How many files a copy gets through before others have their turn. */
  filesATurn = Number.POSITIVE_INFINITY;
  readonly #files: FakeFiles;

  constructor(files: FakeFiles) {
    this.#files = files;
  }

  copy(from: string, to: string): TreeCopy {
    const copied = this.#copyEach(from, to);
    return {
      run: () => {
        for (let count = 0; count < this.filesATurn; count++) if (copied.next().done) return true;
        return false;
      },
    };
  }

  /** Stops after each file. */
  *#copyEach(from: string, to: string): Generator<string, void> {
    for (const name of this.#files.list(from)) {
      const [source, target] = [`${from}/${name}`, `${to}/${name}`];
      const info = this.#files.stat(source);
      if (!info || info.kind === "socket") continue;
      if (info.kind === "directory") this.#files.makeDirectory(target, info.mode);
      else if (info.kind === "symlink") this.#files.symlink(this.#files.readLink(source), target);
      else if (info.kind === "file")
        this.#files.writeAtomic(target, this.#files.readBytes(source), info.mode);
      else this.#files.makeNode(target, info.kind, { mode: info.mode });
      this.#files.chown(target, info.uid, info.gid);
      if (info.kind === "directory") yield* this.#copyEach(source, target);
      yield target;
    }
  }
}
