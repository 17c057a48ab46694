import * as fs from "native:fs";
import * as loop from "native:loop";
import type { Disposable } from "../files.ts";

const MASK = fs.IN_MODIFY | fs.IN_CLOSE_WRITE | fs.IN_MOVE_SELF | fs.IN_DELETE_SELF;

/** One inotify instance for all who watch files. */
export class FileWatches {
  #fd = -1;
  #loopWatch = -1;
  /** The kernel gives the same number to all watches of one inode. */
  readonly #callbacks = new Map<number, Set<() => void>>();

  add(path: string, changed: () => void): Disposable {
    if (this.#fd < 0) this.#open();
    const watch = fs.inotifyAdd(this.#fd, path, MASK);
    const callbacks = this.#callbacks.get(watch) ?? new Set();
    this.#callbacks.set(watch, callbacks.add(changed));
    return { dispose: () => this.#remove(watch, changed) };
  }

  #open(): void {
    this.#fd = fs.inotifyOpen();
    this.#loopWatch = loop.watch(this.#fd, loop.EPOLLIN, () => this.#deliver());
  }

  #deliver(): void {
    const events = fs.inotifyRead(this.#fd);
    const touched = new Set(events.filter((_, index) => index % 3 === 0));
    for (const [watch, callbacks] of this.#callbacks)
      if (touched.has(watch)) for (const changed of callbacks) changed();
  }

  #remove(watch: number, changed: () => void): void {
    const callbacks = this.#callbacks.get(watch);
    if (!callbacks?.delete(changed) || callbacks.size > 0) return;
    this.#callbacks.delete(watch);
    try {
      fs.inotifyRemove(this.#fd, watch);
    } catch {
      // EINVAL: the file is gone, and its watch with it.
    }
    if (this.#callbacks.size > 0) return;
    loop.unwatch(this.#loopWatch);
    fs.close(this.#fd);
    this.#fd = -1;
  }
}
