import { messageOf } from "../base/errors.ts";
import type { Files } from "../sys/files.ts";
import type { Network } from "./network.ts";

const SUFFIX = ".json";

/** Networks on disk: `<data root>/network/<id>.json`. */
export class NetworkStore {
  readonly #files: Files;
  readonly #directory: string;

  constructor(files: Files, dataRoot: string) {
    this.#files = files;
    this.#directory = `${dataRoot}/network`;
    files.makeDirectories(this.#directory, 0o750);
  }

  /** All that can be read, the oldest first. What can't is reported, and kept. */
  load(report: (problem: string) => void): Network[] {
    const found: Network[] = [];
    for (const name of this.#files.list(this.#directory)) {
      if (!name.endsWith(SUFFIX)) continue;
      try {
        const network: Network = JSON.parse(this.#files.readText(`${this.#directory}/${name}`));
        found.push(network);
      } catch (error) {
        report(`failed to load network ${name.slice(0, -SUFFIX.length)}: ${messageOf(error)}`);
      }
    }
    return found.toSorted((a, b) => Date.parse(a.created) - Date.parse(b.created));
  }

  save(network: Network): void {
    this.#files.writeAtomic(this.#path(network.id), JSON.stringify(network));
  }

  /** Absent is fine. */
  remove(id: string): void {
    this.#files.removeFile(this.#path(id));
  }

  #path(id: string): string {
    return `${this.#directory}/${id}${SUFFIX}`;
  }
}
