import type { Files } from "../sys/files.ts";
import { isSysError } from "../sys/files.ts";
import { DETACH, type Mounts } from "../sys/kernel.ts";
import type { FileView, Views } from "../sys/views.ts";

/** A container's own writable layer. */
export interface WritableLayer {
  readonly id: string;
  /** Where its root file system appears when mounted. */
  readonly merged: string;
  readonly upper: string;
  readonly work: string;
  readonly lower: readonly string[];
}

const PAGE = 4096;
const PROCESS = "process"; // who holds a root file system unless it is said

/** Root file systems of containers while somebody needs them: their process, or those who look at them from outside. */
export class OverlayMounts {
  readonly #files: Files;
  readonly #mounts: Mounts;
  readonly #root: string;
  /** Who needs a layer mounted, by its id. */
  readonly #holders = new Map<string, Set<string>>();

  /** `root` is overlay2/ itself. */
  constructor(sys: { files: Files; mounts: Mounts }, root: string) {
    this.#files = sys.files;
    this.#mounts = sys.mounts;
    this.#root = root;
  }

  /** Mounts for a holder; fine when it is mounted. */
  mount(layer: WritableLayer, holder = PROCESS): void {
    if (!this.isMounted(layer)) {
      const options = `lowerdir=${layer.lower.join(":")},upperdir=${layer.upper},workdir=${layer.work}`;
      const { data, directory } = this.#shorten(options);
      this.#mounts.mount({
        source: "overlay",
        target: layer.merged,
        type: "overlay",
        data,
        ...(directory === undefined ? {} : { directory }),
      });
    }
    const holders = this.#holders.get(layer.id) ?? new Set();
    this.#holders.set(layer.id, holders.add(holder));
  }

  /** Gives up a holder's mount; the last one unmounts. */
  unmount(layer: WritableLayer, holder = PROCESS): void {
    const holders = this.#holders.get(layer.id);
    holders?.delete(holder);
    if (!holders?.size) this.release(layer);
  }

  /** Unmounts, whoever holds it; fine when it is not mounted. */
  release(layer: WritableLayer): void {
    this.#holders.delete(layer.id);
    try {
      this.#mounts.unmount(layer.merged, DETACH);
    } catch (error) {
      // EINVAL: it is not mounted. ENOENT: there is no such directory any more.
      if (!isSysError(error, "EINVAL", "ENOENT")) throw error;
    }
  }

  isMounted(layer: WritableLayer): boolean {
    const merged = this.#files.stat(layer.merged);
    const above = this.#files.stat(this.#root);
    return merged !== null && above !== null && merged.dev !== above.dev;
  }

  /** Shows the files that lie below a layer, as they were before it changed anything. */
  viewBelow(layer: WritableLayer, views: Views): FileView {
    const [only, ...more] = layer.lower;
    if (only !== undefined && more.length === 0) return views.open(only, []); // no overlay of just one layer
    const { data, directory } = this.#shorten(`lowerdir=${layer.lower.join(":")}`);
    return views.openOverlay(layer.merged, data, directory);
  }

  /** Overlay options must fit in a page: long ones are made relative to a directory. */
  #shorten(options: string): { data: string; directory?: string } {
    if (options.length < PAGE) return { data: options };
    return { data: options.replaceAll(`${this.#root}/`, ""), directory: this.#root };
  }
}
