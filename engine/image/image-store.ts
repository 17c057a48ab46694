import { EngineError } from "../base/errors.ts";
import type { Bytes } from "../sys/bytes.ts";
import type { Files } from "../sys/files.ts";
import { type ImageConfig, parseImageConfig } from "./image-config.ts";
import type { Layer, LayerStore } from "./layer-store.ts";

/** An image that is here. Ids are "sha256:...". */
export interface Image {
  readonly id: string;
  readonly config: ImageConfig;
  /** null for an image without layers. */
  readonly top: Layer | null;
  /** The image that it was built or committed from, if it is here. */
  readonly parent: string | null;
}

/** Images: each is its configuration file, named by its digest (`image/overlay2/imagedb`). */
export class ImageStore {
  readonly #files: Files;
  readonly #bytes: Bytes;
  readonly #layers: LayerStore;
  readonly #content: string;
  readonly #metadata: string;
  readonly #images = new Map<string, Image>();

  /**
   * Loads what is below the data root, and removes what a crash has left. Images that are not whole are left out and
   * reported.
   */
  constructor(
    sys: { files: Files; bytes: Bytes },
    root: string,
    layers: LayerStore,
    report: (problem: string) => void,
  ) {
    this.#files = sys.files;
    this.#bytes = sys.bytes;
    this.#layers = layers;
    this.#content = `${root}/image/overlay2/imagedb/content/sha256`;
    this.#metadata = `${root}/image/overlay2/imagedb/metadata/sha256`;
    this.#files.makeDirectories(this.#content, 0o700);
    this.#files.makeDirectories(this.#metadata, 0o700);
    this.#removeRemains();
    for (const hex of this.#files.list(this.#content)) {
      try {
        this.#load(hex);
      } catch (error) {
        report(`image sha256:${hex} is left out: ${String(error)}`);
      }
    }
  }

  all(): Iterable<Image> {
    return this.#images.values();
  }

  get count(): number {
    return this.#images.size;
  }

  get(id: string): Image | undefined {
    return this.#images.get(id);
  }

  /**
   * The image whose id starts with these hexadecimal digits; undefined where there is none. Throws "invalid" where
   * there are several.
   */
  findByPrefix(prefix: string): Image | undefined {
    const wanted = prefix.startsWith("sha256:") ? prefix : `sha256:${prefix}`;
    const found = [...this.#images.values()].filter(image => image.id.startsWith(wanted));
    if (found.length > 1) throw new EngineError("invalid", `ambiguous reference: ${prefix}`);
    return found[0];
  }

  /** Adds an image from its configuration file; its layers must be here. One that is here already is returned. */
  add(configText: string, parent: string | null = null): Image {
    const hex = this.#bytes.sha256(configText);
    const existing = this.#images.get(`sha256:${hex}`);
    if (existing) return existing;
    const config = parseImageConfig(configText);
    const top = this.#layers.top(config.rootfs.diff_ids);
    this.#write(hex, configText, parent);
    const image = { id: `sha256:${hex}`, config, top, parent };
    this.#images.set(image.id, image);
    if (top) this.#layers.use(top);
    return image;
  }

  /** The configuration file itself. */
  configText(image: Image): string {
    return this.#files.readText(`${this.#content}/${image.id.slice("sha256:".length)}`);
  }

  /** Forgets an image. Returns the layers that nobody needs any more, which are removed. */
  remove(image: Image): Layer[] {
    const hex = image.id.slice("sha256:".length);
    this.#files.removeFile(`${this.#content}/${hex}`);
    this.#images.delete(image.id);
    this.#files.removeTree(`${this.#metadata}/${hex}`);
    return image.top ? this.#layers.release(image.top) : [];
  }

  /** Notes when a name was last given to an image (RFC 3339). */
  setTagTime(image: Image, time: string): void {
    const directory = `${this.#metadata}/${image.id.slice("sha256:".length)}`;
    this.#files.makeDirectories(directory, 0o700);
    this.#files.writeAtomic(`${directory}/lastUpdated`, time);
  }

  /** When a name was last given to it here; null if never. */
  tagTime(image: Image): string | null {
    const path = `${this.#metadata}/${image.id.slice("sha256:".length)}/lastUpdated`;
    return this.#files.exists(path) ? this.#files.readText(path) : null;
  }

  /** The images that were made from this one. */
  children(image: Image): Image[] {
    return [...this.#images.values()].filter(other => other.parent === image.id);
  }

  /** The parent first: an image exists once its configuration file does. */
  #write(hex: string, configText: string, parent: string | null): void {
    try {
      if (parent !== null) {
        this.#files.makeDirectories(`${this.#metadata}/${hex}`, 0o700);
        this.#files.writeAtomic(`${this.#metadata}/${hex}/parent`, parent);
      }
      this.#files.writeAtomic(`${this.#content}/${hex}`, configText);
    } catch (error) {
      this.#files.removeTree(`${this.#metadata}/${hex}`);
      throw error;
    }
  }

  #removeRemains(): void {
    for (const name of this.#files.list(this.#content))
      if (name.endsWith(".tmp")) this.#files.removeFile(`${this.#content}/${name}`);
    for (const hex of this.#files.list(this.#metadata))
      if (!this.#files.exists(`${this.#content}/${hex}`)) this.#files.removeTree(`${this.#metadata}/${hex}`);
  }

  #load(hex: string): void {
    const text = this.#files.readText(`${this.#content}/${hex}`);
    if (this.#bytes.sha256(text) !== hex) throw new Error("its configuration file is not what its name says");
    const config = parseImageConfig(text);
    const top = this.#layers.top(config.rootfs.diff_ids);
    const parentFile = `${this.#metadata}/${hex}/parent`;
    const parent = this.#files.exists(parentFile) ? this.#files.readText(parentFile) : null;
    this.#images.set(`sha256:${hex}`, { id: `sha256:${hex}`, config, top, parent });
    if (top) this.#layers.use(top);
  }
}
