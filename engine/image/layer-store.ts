import { assert, EngineError } from "../base/errors.ts";
import type { Bytes, Unpacked } from "../sys/bytes.ts";
import type { Files } from "../sys/files.ts";
import { DETACH, type Mounts } from "../sys/kernel.ts";
import { isSysError } from "../sys/files.ts";
import type { FileView, Views } from "../sys/views.ts";

/** A read-only layer, by its place in a chain (OCI image-spec, "Layer ChainID"). Ids are "sha256:...". */
export interface Layer {
  readonly chainId: string;
  readonly diffId: string;
  readonly parent: Layer | null;
  /** Bytes of its own files. */
  readonly size: number;
  /** The directory of its files, below overlay2/. */
  readonly cacheId: string;
}

/** A container's own writable layer. */
export interface WritableLayer {
  readonly id: string;
  /** Where its root file system appears when mounted. */
  readonly merged: string;
  readonly upper: string;
  readonly work: string;
  readonly lower: readonly string[];
}

const SHORT_ID = 26; // characters: 128 layers fit in the page that mount(2) gives to options
const PAGE = 4096;
const PROCESS = "process"; // who holds a root file system unless it is said
const DEEPEST = 125; // layers an image may have, as in Docker

/** The files that Docker puts into each container below its own layer, so that mounts have a place. */
const INIT_DIRECTORIES = ["dev", "dev/pts", "dev/shm", "proc", "sys", "etc"];
const INIT_FILES = [".dockerenv", "etc/resolv.conf", "etc/hosts", "etc/hostname", "dev/console"];

function chainOf(bytes: Bytes, parent: Layer | null, diffId: string): string {
  return parent ? `sha256:${bytes.sha256(`${parent.chainId} ${diffId}`)}` : diffId;
}

/** "sha256:abc" as the path of a file or directory. */
function pathOf(digest: string): string {
  return digest.replace(":", "/");
}

/**
 * Layers on overlayfs, laid out as Docker's overlay2 driver does: files in `overlay2/<cache id>/diff`, what they
 * are in `image/overlay2/layerdb`. A layer exists once its directory in layerdb does.
 */
export class LayerStore {
  readonly #files: Files;
  readonly #mounts: Mounts;
  readonly #bytes: Bytes;
  readonly #overlay: string;
  readonly #database: string;
  readonly #layers = new Map<string, Layer>();
  /** Who needs a writable layer mounted, by its id. */
  readonly #holders = new Map<string, Set<string>>();
  /** How many images, containers and layers above use a layer. */
  readonly #uses = new Map<Layer, number>();

  /** `root` is the data root. */
  constructor(sys: { files: Files; mounts: Mounts; bytes: Bytes }, root: string) {
    this.#files = sys.files;
    this.#mounts = sys.mounts;
    this.#bytes = sys.bytes;
    this.#overlay = `${root}/overlay2`;
    this.#database = `${root}/image/overlay2/layerdb`;
    this.#files.makeDirectories(`${this.#overlay}/l`, 0o710);
    this.#files.makeDirectories(`${this.#database}/sha256`, 0o700);
    this.#files.makeDirectories(`${this.#database}/tmp`, 0o700);
    for (const name of this.#files.list(`${this.#database}/sha256`)) this.#load(`sha256:${name}`);
  }

  get(chainId: string): Layer | undefined {
    return this.#layers.get(chainId);
  }

  /** The layer with these files above a parent, if it is here. */
  find(parent: Layer | null, diffId: string): Layer | undefined {
    return this.#layers.get(chainOf(this.#bytes, parent, diffId));
  }

  /** The top layer of an image; null for one without layers. Throws where one is missing. */
  top(diffIds: readonly string[]): Layer | null {
    let layer: Layer | null = null;
    for (const diffId of diffIds) {
      const next: Layer | undefined = this.find(layer, diffId);
      if (!next) throw new EngineError("system", `layer does not exist: ${diffId}`);
      layer = next;
    }
    return layer;
  }

  /** From the top down. */
  chain(top: Layer | null): Layer[] {
    const chain: Layer[] = [];
    for (let layer = top; layer; layer = layer.parent) chain.push(layer);
    return chain;
  }

  /**
   * Adds a layer from an archive, which `unpack` writes into the directory that it is given. Nothing is left when
   * it throws. The layer starts with one use.
   */
  async add(parent: Layer | null, unpack: (directory: string) => Promise<Unpacked>): Promise<Layer> {
    if (this.chain(parent).length >= DEEPEST) throw new EngineError("invalid", "max depth exceeded");
    const cacheId = this.#bytes.randomHex(32);
    const directory = `${this.#overlay}/${cacheId}`;
    try {
      this.#makeDirectory(cacheId, parent ? this.chain(parent) : []);
      const unpacked = await unpack(`${directory}/diff`);
      const diffId = `sha256:${unpacked.diffId}`;
      const existing = this.find(parent, diffId);
      if (existing) {
        this.#dropDirectory(cacheId);
        return this.use(existing);
      }
      return this.use(this.#record(parent, diffId, unpacked.size, cacheId));
    } catch (error) {
      this.#dropDirectory(cacheId);
      throw error;
    }
  }

  /** Counts one more user of a layer. */
  use(layer: Layer): Layer {
    this.#uses.set(layer, (this.#uses.get(layer) ?? 0) + 1);
    return layer;
  }

  /** Counts one user less; a layer without any is removed, and its parent loses one. Returns what was removed. */
  release(layer: Layer): Layer[] {
    const removed: Layer[] = [];
    for (let next: Layer | null = layer; next; ) {
      const left: number = (this.#uses.get(next) ?? 0) - 1;
      if (left > 0) {
        this.#uses.set(next, left);
        break;
      }
      this.#remove(next);
      removed.push(next);
      next = next.parent;
    }
    return removed;
  }

  /** Makes a container's writable layer above an image's. */
  createWritable(containerId: string, top: Layer | null): WritableLayer {
    const mountId = this.#bytes.randomHex(32);
    const initId = `${mountId}-init`;
    try {
      const chain = this.chain(top);
      this.#makeDirectory(initId, chain);
      this.#fillInit(`${this.#overlay}/${initId}/diff`);
      this.#makeDirectory(mountId, chain, initId);
      this.#files.makeDirectory(`${this.#overlay}/${mountId}/merged`, 0o700);
      this.#commit(`mounts/${containerId}`, {
        "mount-id": mountId,
        "init-id": initId,
        ...(top ? { parent: top.chainId } : {}),
      });
    } catch (error) {
      this.#dropDirectory(mountId);
      this.#dropDirectory(initId);
      throw error;
    }
    if (top) this.use(top);
    return this.#describe(mountId);
  }

  /** A container's writable layer; undefined where it has none. */
  writable(containerId: string): WritableLayer | undefined {
    const path = `${this.#database}/mounts/${containerId}/mount-id`;
    return this.#files.exists(path) ? this.#describe(this.#files.readText(path)) : undefined;
  }

  /** Counts a container's use of its image's layers again, after a restart. */
  adoptWritable(containerId: string): void {
    const parent = this.#parentOfWritable(containerId);
    if (parent) this.use(parent);
  }

  removeWritable(containerId: string): void {
    const parent = this.#parentOfWritable(containerId);
    this.#dropWritable(containerId);
    if (parent) this.release(parent);
  }

  #dropWritable(containerId: string): void {
    const entry = `${this.#database}/mounts/${containerId}`;
    if (!this.#files.exists(entry)) return;
    const mountId = this.#files.readText(`${entry}/mount-id`);
    this.#unmountNow(this.#describe(mountId));
    this.#dropDirectory(mountId);
    this.#dropDirectory(`${mountId}-init`);
    this.#files.removeTree(entry);
  }

  /** Mounts a writable layer's root file system for a holder, by default its process; fine when it is mounted. */
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

  /** Shows the files that lie below a writable layer, as they were before it changed anything. */
  viewBelow(layer: WritableLayer, views: Views): FileView {
    const [only, ...more] = layer.lower;
    if (only !== undefined && more.length === 0) return views.open(only, []); // no overlay of just one layer
    const { data, directory } = this.#shorten(`lowerdir=${layer.lower.join(":")}`);
    return views.openOverlay(layer.merged, data, directory);
  }

  /** Gives up a holder's mount; the last one unmounts. */
  unmount(layer: WritableLayer, holder = PROCESS): void {
    const holders = this.#holders.get(layer.id);
    holders?.delete(holder);
    if (!holders?.size) this.#unmountNow(layer);
  }

  /** Overlay options must fit in a page: long ones are made relative to a directory. */
  #shorten(options: string): { data: string; directory?: string } {
    if (options.length < PAGE) return { data: options };
    return { data: options.replaceAll(`${this.#overlay}/`, ""), directory: this.#overlay };
  }

  #unmountNow(layer: WritableLayer): void {
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
    const above = this.#files.stat(this.#overlay);
    return merged !== null && above !== null && merged.dev !== above.dev;
  }

  /** Bytes that a container has written. */
  writableSize(layer: WritableLayer): number {
    return this.#files.treeSize(layer.upper);
  }

  /** The directory of a layer's files. */
  filesOf(layer: Layer): string {
    return `${this.#overlay}/${layer.cacheId}/diff`;
  }

  /**
   * Removes what a crash has left: writable layers of other than these containers, layers that nobody uses, and
   * directories that no record names.
   */
  collectGarbage(containerIds: ReadonlySet<string>): void {
    for (const id of this.#files.list(`${this.#database}/mounts`))
      if (!containerIds.has(id)) this.#dropWritable(id);
    for (const layer of this.#layers.values()) if (!this.#isUsed(layer)) this.release(layer);
    this.#files.removeTree(`${this.#database}/tmp`);
    this.#files.makeDirectories(`${this.#database}/tmp`, 0o700);
    const known = new Set(["l"]);
    for (const layer of this.#layers.values()) known.add(layer.cacheId);
    for (const id of this.#files.list(`${this.#database}/mounts`)) {
      const mountId = this.#files.readText(`${this.#database}/mounts/${id}/mount-id`);
      known.add(mountId).add(`${mountId}-init`);
    }
    for (const name of this.#files.list(this.#overlay)) {
      if (known.has(name)) continue;
      this.#unmountNow(this.#describe(name));
      this.#dropDirectory(name);
    }
    for (const link of this.#files.list(`${this.#overlay}/l`))
      if (!this.#files.stat(`${this.#overlay}/l/${link}`, true))
        this.#files.removeFile(`${this.#overlay}/l/${link}`);
  }

  #isUsed(layer: Layer): boolean {
    return (this.#uses.get(layer) ?? 0) > 0;
  }

  #load(chainId: string): Layer {
    const loaded = this.#layers.get(chainId);
    if (loaded) return loaded;
    const directory = `${this.#database}/${pathOf(chainId)}`;
    const parentFile = `${directory}/parent`;
    const layer: Layer = {
      chainId,
      diffId: this.#files.readText(`${directory}/diff`),
      size: Number(this.#files.readText(`${directory}/size`)),
      cacheId: this.#files.readText(`${directory}/cache-id`),
      parent: this.#files.exists(parentFile) ? this.#load(this.#files.readText(parentFile)) : null,
    };
    this.#layers.set(chainId, layer);
    if (layer.parent) this.use(layer.parent);
    return layer;
  }

  /** Writes a layer's record; from here on it exists. */
  #record(parent: Layer | null, diffId: string, size: number, cacheId: string): Layer {
    const chainId = chainOf(this.#bytes, parent, diffId);
    this.#commit(pathOf(chainId), {
      diff: diffId,
      size: `${size}`,
      "cache-id": cacheId,
      ...(parent ? { parent: parent.chainId } : {}),
    });
    const layer = { chainId, diffId, parent, size, cacheId };
    this.#layers.set(chainId, layer);
    if (parent) this.use(parent);
    return layer;
  }

  /** Writes a directory of files that appears at once. */
  #commit(path: string, entries: Readonly<Record<string, string>>): void {
    const temporary = `${this.#database}/tmp/${this.#bytes.randomHex(8)}`;
    this.#files.makeDirectory(temporary, 0o700);
    for (const [name, text] of Object.entries(entries))
      this.#files.writeAtomic(`${temporary}/${name}`, text, 0o644);
    const target = `${this.#database}/${path}`;
    this.#files.makeDirectories(target.slice(0, target.lastIndexOf("/")), 0o700);
    this.#files.rename(temporary, target);
  }

  #remove(layer: Layer): void {
    // The record first: files without a record are garbage, a record without files would be a broken image.
    this.#files.removeTree(`${this.#database}/${pathOf(layer.chainId)}`);
    this.#layers.delete(layer.chainId);
    this.#uses.delete(layer);
    this.#dropDirectory(layer.cacheId);
  }

  /** Makes overlay2/<id> with its short link, and notes which layers it stands on. */
  #makeDirectory(id: string, chain: readonly Layer[], above?: string): void {
    const directory = `${this.#overlay}/${id}`;
    this.#files.makeDirectory(directory, 0o710);
    this.#files.makeDirectory(`${directory}/diff`, 0o755);
    const link = this.#bytes.randomHex(SHORT_ID / 2).toUpperCase();
    this.#files.symlink(`../${id}/diff`, `${this.#overlay}/l/${link}`);
    this.#files.writeAtomic(`${directory}/link`, link, 0o644);
    const below = [...(above ? [above] : []), ...chain.map(layer => layer.cacheId)];
    if (below.length === 0) return;
    this.#files.makeDirectory(`${directory}/work`, 0o700);
    this.#files.writeAtomic(
      `${directory}/lower`,
      below.map(lower => `l/${this.#linkOf(lower)}`).join(":"),
      0o644,
    );
  }

  #linkOf(id: string): string {
    return this.#files.readText(`${this.#overlay}/${id}/link`);
  }

  #dropDirectory(id: string): void {
    const directory = `${this.#overlay}/${id}`;
    if (!this.#files.exists(directory)) return;
    if (this.#files.exists(`${directory}/link`))
      this.#files.removeFile(`${this.#overlay}/l/${this.#linkOf(id)}`);
    this.#files.removeTree(directory);
  }

  #fillInit(directory: string): void {
    for (const name of INIT_DIRECTORIES) this.#files.makeDirectory(`${directory}/${name}`, 0o755);
    for (const name of INIT_FILES) this.#files.append(`${directory}/${name}`, "");
    this.#files.symlink("/proc/mounts", `${directory}/etc/mtab`);
  }

  #parentOfWritable(containerId: string): Layer | null {
    const path = `${this.#database}/mounts/${containerId}/parent`;
    if (!this.#files.exists(path)) return null;
    const parent = this.#layers.get(this.#files.readText(path));
    assert(parent, `the layer below container ${containerId}`);
    return parent;
  }

  #describe(mountId: string): WritableLayer {
    const directory = `${this.#overlay}/${mountId}`;
    const lower = this.#files.exists(`${directory}/lower`) ? this.#files.readText(`${directory}/lower`) : "";
    return {
      id: mountId,
      merged: `${directory}/merged`,
      upper: `${directory}/diff`,
      work: `${directory}/work`,
      lower: lower.split(":").map(link => `${this.#overlay}/${link}`),
    };
  }
}
