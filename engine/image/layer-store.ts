import { EngineError, messageOf } from "../base/errors.ts";
import type { Bytes, Unpacked } from "../sys/bytes.ts";
import type { Files } from "../sys/files.ts";
import type { FileView, Views } from "../sys/views.ts";
import type { Mounts } from "../sys/kernel.ts";
import { LayerDatabase } from "./layer-database.ts";
import { OverlayDirectories } from "./overlay-directories.ts";
import { OverlayMounts, type WritableLayer } from "./overlay-mounts.ts";

export type { WritableLayer } from "./overlay-mounts.ts";

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

const DEEPEST = 125; // layers an image may have, as in Docker

/** The files that Docker puts into each container below its own layer, so that mounts have a place. */
const INIT_DIRECTORIES = ["dev", "dev/pts", "dev/shm", "proc", "sys", "etc"];
const INIT_FILES = [".dockerenv", "etc/resolv.conf", "etc/hosts", "etc/hostname", "dev/console"];

function chainOf(bytes: Bytes, parent: Layer | null, diffId: string): string {
  return parent ? `sha256:${bytes.sha256(`${parent.chainId} ${diffId}`)}` : diffId;
}

function initOf(mountId: string): string {
  return `${mountId}-init`;
}

/**
 * Layers on overlayfs, laid out as Docker's overlay2 driver does: files in `overlay2/<cache id>/diff`, what they
 * are in `image/overlay2/layerdb`. A layer exists once its record does: files without a record are garbage, a record
 * without files would be a broken image.
 */
export class LayerStore {
  readonly #files: Files;
  readonly #bytes: Bytes;
  readonly #overlays: OverlayMounts;
  readonly #directories: OverlayDirectories;
  readonly #database: LayerDatabase;
  readonly #layers = new Map<string, Layer>();
  /** How many images, containers and layers above use a layer. */
  readonly #uses = new Map<Layer, number>();

  /** `root` is the data root. Containers count as users of their images' layers at once, images do not yet. */
  constructor(sys: { files: Files; mounts: Mounts; bytes: Bytes }, root: string) {
    this.#files = sys.files;
    this.#bytes = sys.bytes;
    this.#directories = new OverlayDirectories(sys, `${root}/overlay2`);
    this.#overlays = new OverlayMounts(sys, `${root}/overlay2`);
    this.#database = new LayerDatabase(sys, `${root}/image/overlay2/layerdb`);
    for (const chainId of this.#database.layerIds()) this.#load(chainId);
    for (const id of this.#database.containerIds()) {
      const parent = this.#parentOfWritable(id);
      if (parent) this.use(parent);
    }
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
    const below = this.chain(parent);
    if (below.length >= DEEPEST) throw new EngineError("invalid", "max depth exceeded");
    const cacheId = this.#bytes.randomHex(32);
    this.#directories.make(
      cacheId,
      below.map(layer => layer.cacheId),
    );
    try {
      const { diffId: hex, size } = await unpack(`${this.#directories.path(cacheId)}/diff`);
      const diffId = `sha256:${hex}`;
      const existing = this.find(parent, diffId);
      if (!existing) return this.use(this.#record(parent, diffId, size, cacheId));
      this.#directories.drop(cacheId);
      return this.use(existing);
    } catch (error) {
      this.#directories.drop(cacheId);
      throw error;
    }
  }

  /** Counts one more user of a layer. */
  use(layer: Layer): Layer {
    this.#uses.set(layer, this.#usesOf(layer) + 1);
    return layer;
  }

  /** Counts one user less; a layer without any is removed, and its parent loses one. Returns what was removed. */
  release(layer: Layer): Layer[] {
    const removed: Layer[] = [];
    for (let next: Layer | null = layer; next; ) {
      const left: number = this.#usesOf(next) - 1;
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

  /** Makes a container's writable layer above an image's. Nothing is left when that fails. */
  createWritable(containerId: string, top: Layer | null): WritableLayer {
    const mountId = this.#bytes.randomHex(32);
    const initId = initOf(mountId);
    const chain = this.chain(top).map(layer => layer.cacheId);
    try {
      this.#directories.make(initId, chain);
      this.#fillInit(`${this.#directories.path(initId)}/diff`);
      this.#directories.make(mountId, [initId, ...chain]);
      this.#files.makeDirectory(`${this.#directories.path(mountId)}/merged`, 0o700);
      this.#database.addMount(containerId, { mountId, parent: top?.chainId ?? null });
    } catch (error) {
      this.#directories.drop(mountId);
      this.#directories.drop(initId);
      throw error;
    }
    if (top) this.use(top);
    return this.#describe(mountId);
  }

  /** A container's writable layer; undefined where it has none. */
  writable(containerId: string): WritableLayer | undefined {
    const record = this.#database.mount(containerId);
    return record && this.#describe(record.mountId);
  }

  /** Absent is fine. */
  removeWritable(containerId: string): void {
    const record = this.#database.mount(containerId);
    if (!record) return;
    const parent = this.#parentOfWritable(containerId);
    this.#overlays.release(this.#describe(record.mountId));
    this.#database.removeMount(containerId);
    this.#directories.drop(record.mountId);
    this.#directories.drop(initOf(record.mountId));
    if (parent) this.release(parent);
  }

  /** Mounts a writable layer's root file system for a holder, by default its process; fine when it is mounted. */
  mount(layer: WritableLayer, holder?: string): void {
    this.#overlays.mount(layer, holder);
  }

  /** Gives up a holder's mount; the last one unmounts. */
  unmount(layer: WritableLayer, holder?: string): void {
    this.#overlays.unmount(layer, holder);
  }

  isMounted(layer: WritableLayer): boolean {
    return this.#overlays.isMounted(layer);
  }

  /** Shows the files that lie below a writable layer, as they were before it changed anything. */
  viewBelow(layer: WritableLayer, views: Views): FileView {
    return this.#overlays.viewBelow(layer, views);
  }

  /** Bytes that a container has written. */
  writableSize(layer: WritableLayer): number {
    return this.#files.treeSize(layer.upper);
  }

  /** The directory of a layer's files. */
  filesOf(layer: Layer): string {
    return `${this.#directories.path(layer.cacheId)}/diff`;
  }

  /**
   * Removes what a crash has left: layers that nobody uses, those of containers that are not among these, and
   * directories that no record names. Reports what cannot be removed, and goes on.
   */
  collectGarbage(containerIds: Iterable<string>, report: (problem: string) => void): void {
    const containers = new Set(containerIds);
    const attempt = (what: string, remove: () => void): void => {
      try {
        remove();
      } catch (error) {
        report(`failed to remove ${what}: ${messageOf(error)}`);
      }
    };
    for (const id of this.#database.containerIds())
      if (!containers.has(id)) attempt(`the layer of container ${id}`, () => this.removeWritable(id));
    for (const layer of this.#layers.values())
      if (this.#usesOf(layer) === 0) attempt(`layer ${layer.chainId}`, () => this.release(layer));
    for (const id of this.#unknownDirectories())
      attempt(`overlay2/${id}`, () => {
        this.#overlays.release(this.#describe(id));
        this.#directories.drop(id);
      });
    this.#directories.dropDanglingLinks();
  }

  /** Those that no record names. */
  #unknownDirectories(): string[] {
    const known = new Set<string>();
    for (const layer of this.#layers.values()) known.add(layer.cacheId);
    for (const id of this.#database.containerIds()) {
      const mountId = this.#database.mount(id)?.mountId ?? "";
      known.add(mountId).add(initOf(mountId));
    }
    return this.#directories.ids().filter(id => !known.has(id));
  }

  #usesOf(layer: Layer): number {
    return this.#uses.get(layer) ?? 0;
  }

  #load(chainId: string): Layer {
    const loaded = this.#layers.get(chainId);
    if (loaded) return loaded;
    const { diffId, size, cacheId, parent } = this.#database.layer(chainId);
    const layer = { chainId, diffId, size, cacheId, parent: parent === null ? null : this.#load(parent) };
    this.#layers.set(chainId, layer);
    if (layer.parent) this.use(layer.parent);
    return layer;
  }

  /** Writes a layer's record; from here on it exists. */
  #record(parent: Layer | null, diffId: string, size: number, cacheId: string): Layer {
    const chainId = chainOf(this.#bytes, parent, diffId);
    this.#database.addLayer(chainId, { diffId, size, cacheId, parent: parent?.chainId ?? null });
    const layer = { chainId, diffId, parent, size, cacheId };
    this.#layers.set(chainId, layer);
    if (parent) this.use(parent);
    return layer;
  }

  #remove(layer: Layer): void {
    this.#database.removeLayer(layer.chainId);
    this.#layers.delete(layer.chainId);
    this.#uses.delete(layer);
    this.#directories.drop(layer.cacheId);
  }

  #fillInit(directory: string): void {
    for (const name of INIT_DIRECTORIES) this.#files.makeDirectory(`${directory}/${name}`, 0o755);
    for (const name of INIT_FILES) this.#files.append(`${directory}/${name}`, "");
    this.#files.symlink("/proc/mounts", `${directory}/etc/mtab`);
  }

  /** null too where it is gone, as only a hand in the data root could do. */
  #parentOfWritable(containerId: string): Layer | null {
    const chainId = this.#database.mount(containerId)?.parent ?? null;
    return chainId === null ? null : (this.#layers.get(chainId) ?? null);
  }

  #describe(mountId: string): WritableLayer {
    const directory = this.#directories.path(mountId);
    return {
      id: mountId,
      merged: `${directory}/merged`,
      upper: `${directory}/diff`,
      work: `${directory}/work`,
      lower: this.#directories.lower(mountId),
    };
  }
}
