import type { Bytes } from "../sys/bytes.ts";
import type { Files } from "../sys/files.ts";

/** The record of a layer. Digests are "sha256:...". */
export interface LayerRecord {
  readonly diffId: string;
  /** Bytes of its own files. */
  readonly size: number;
  /** Its directory below overlay2/. */
  readonly cacheId: string;
  readonly parent: string | null;
}

/** The record of a container's layer. */
export interface MountRecord {
  readonly mountId: string;
  /** The top layer of the container's image. */
  readonly parent: string | null;
}

/**
 * What layers there are (`image/overlay2/layerdb`, in Docker's form). A record is a directory that appears and goes
 * by one rename, so that a crash never leaves half of one.
 */
export class LayerDatabase {
  readonly #files: Files;
  readonly #bytes: Bytes;
  readonly #root: string;

  /** `root` is layerdb/ itself. */
  constructor(sys: { files: Files; bytes: Bytes }, root: string) {
    this.#files = sys.files;
    this.#bytes = sys.bytes;
    this.#root = root;
    this.#files.makeDirectories(`${root}/sha256`, 0o700);
    this.#files.makeDirectories(`${root}/mounts`, 0o700);
    this.#files.removeTree(`${root}/tmp`);
    this.#files.makeDirectories(`${root}/tmp`, 0o700);
  }

  /** Chain ids. */
  layerIds(): string[] {
    return this.#files.list(`${this.#root}/sha256`).map(name => `sha256:${name}`);
  }

  layer(chainId: string): LayerRecord {
    const directory = this.#layerPath(chainId);
    return {
      diffId: this.#files.readText(`${directory}/diff`),
      size: Number(this.#files.readText(`${directory}/size`)),
      cacheId: this.#files.readText(`${directory}/cache-id`),
      parent: this.#optional(`${directory}/parent`),
    };
  }

  addLayer(chainId: string, record: LayerRecord): void {
    this.#commit(this.#layerPath(chainId), {
      diff: record.diffId,
      size: `${record.size}`,
      "cache-id": record.cacheId,
      ...(record.parent === null ? {} : { parent: record.parent }),
    });
  }

  removeLayer(chainId: string): void {
    this.#discard(this.#layerPath(chainId));
  }

  /** The ids of containers that have a layer. */
  containerIds(): string[] {
    return this.#files.list(`${this.#root}/mounts`);
  }

  mount(containerId: string): MountRecord | undefined {
    const directory = this.#mountPath(containerId);
    const mountId = this.#optional(`${directory}/mount-id`);
    return mountId === null ? undefined : { mountId, parent: this.#optional(`${directory}/parent`) };
  }

  addMount(containerId: string, { mountId, parent }: MountRecord): void {
    this.#commit(this.#mountPath(containerId), {
      "mount-id": mountId,
      "init-id": `${mountId}-init`,
      ...(parent === null ? {} : { parent }),
    });
  }

  removeMount(containerId: string): void {
    this.#discard(this.#mountPath(containerId));
  }

  #layerPath(chainId: string): string {
    return `${this.#root}/${chainId.replace(":", "/")}`;
  }

  #mountPath(containerId: string): string {
    return `${this.#root}/mounts/${containerId}`;
  }

  #optional(path: string): string | null {
    return this.#files.exists(path) ? this.#files.readText(path) : null;
  }

  #temporary(): string {
    return `${this.#root}/tmp/${this.#bytes.randomHex(8)}`;
  }

  #commit(path: string, entries: Readonly<Record<string, string>>): void {
    const temporary = this.#temporary();
    try {
      this.#files.makeDirectory(temporary, 0o700);
      for (const [name, text] of Object.entries(entries))
        this.#files.writeAtomic(`${temporary}/${name}`, text, 0o644);
      this.#files.rename(temporary, path);
    } catch (error) {
      this.#files.removeTree(temporary);
      throw error;
    }
  }

  #discard(path: string): void {
    if (!this.#files.exists(path)) return;
    const temporary = this.#temporary();
    this.#files.rename(path, temporary);
    this.#files.removeTree(temporary);
  }
}
