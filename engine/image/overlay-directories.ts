import type { Bytes } from "../sys/bytes.ts";
import type { Files } from "../sys/files.ts";

const SHORT_ID = 26; // characters: 128 layers fit in the page that mount(2) gives to options
const SHORT_LINKS = "l";

/** The directories below `overlay2/`, as Docker lays them out: each with its files, and a short link to them. */
export class OverlayDirectories {
  readonly #files: Files;
  readonly #bytes: Bytes;
  readonly #root: string;

  /** `root` is overlay2/ itself. */
  constructor(sys: { files: Files; bytes: Bytes }, root: string) {
    this.#files = sys.files;
    this.#bytes = sys.bytes;
    this.#root = root;
    this.#files.makeDirectories(`${root}/${SHORT_LINKS}`, 0o710);
  }

  path(id: string): string {
    return `${this.#root}/${id}`;
  }

  /** Makes one, and notes which it stands on, the nearest first. Nothing is left when that fails. */
  make(id: string, below: readonly string[]): void {
    const directory = this.path(id);
    const link = `${SHORT_LINKS}/${this.#bytes.randomHex(SHORT_ID / 2).toUpperCase()}`;
    try {
      this.#files.makeDirectory(directory, 0o710);
      this.#files.makeDirectory(`${directory}/diff`, 0o755);
      this.#files.writeAtomic(`${directory}/link`, link.slice(SHORT_LINKS.length + 1), 0o644);
      this.#files.symlink(`../${id}/diff`, `${this.#root}/${link}`);
      if (below.length === 0) return;
      this.#files.makeDirectory(`${directory}/work`, 0o700);
      const lower = below.map(other => `${SHORT_LINKS}/${this.#linkOf(other)}`).join(":");
      this.#files.writeAtomic(`${directory}/lower`, lower, 0o644);
    } catch (error) {
      this.drop(id);
      throw error;
    }
  }

  /** The short paths of those that one stands on. */
  lower(id: string): string[] {
    const path = `${this.path(id)}/lower`;
    if (!this.#files.exists(path)) return [];
    return this.#files
      .readText(path)
      .split(":")
      .map(link => `${this.#root}/${link}`);
  }

  /** Absent is fine. */
  drop(id: string): void {
    const directory = this.path(id);
    if (this.#files.exists(`${directory}/link`))
      this.#files.removeFile(`${this.#root}/${SHORT_LINKS}/${this.#linkOf(id)}`);
    this.#files.removeTree(directory);
  }

  /** All that are there. */
  ids(): string[] {
    return this.#files.list(this.#root).filter(name => name !== SHORT_LINKS);
  }

  /** Removes links that lead nowhere, as a crash may leave them. */
  dropDanglingLinks(): void {
    const links = `${this.#root}/${SHORT_LINKS}`;
    for (const link of this.#files.list(links))
      if (!this.#files.stat(`${links}/${link}`, true)) this.#files.removeFile(`${links}/${link}`);
  }

  #linkOf(id: string): string {
    return this.#files.readText(`${this.path(id)}/link`);
  }
}
