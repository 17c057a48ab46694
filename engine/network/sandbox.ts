import type { Files } from "../sys/files.ts";
import type { Networks } from "../sys/network.ts";

/** The network namespaces of containers, `<exec root>/netns/<id>`. */
export class Sandboxes {
  readonly #files: Files;
  readonly #networks: Networks;
  readonly #root: string;

  constructor(sys: { files: Files; networks: Networks }, execRoot: string) {
    this.#files = sys.files;
    this.#networks = sys.networks;
    this.#root = `${execRoot}/netns`;
    this.#files.makeDirectories(this.#root, 0o755);
  }

  path(containerId: string): string {
    return `${this.#root}/${containerId.slice(0, 12)}`;
  }

  /** Makes a namespace whose loopback interface is up; what is left of an earlier one is removed first. */
  create(containerId: string): string {
    const path = this.path(containerId);
    this.#networks.remove(path);
    this.#networks.create(path);
    this.#networks.within(path, namespace => {
      const loopback = namespace.link("lo");
      if (loopback) namespace.setLink(loopback.index, { up: true });
    });
    return path;
  }

  /** Absent is fine. */
  remove(containerId: string): void {
    this.#networks.remove(this.path(containerId));
  }

  /** Removes those that belong to none of these containers. */
  collectGarbage(containerIds: readonly string[]): void {
    const known = new Set(containerIds.map(id => id.slice(0, 12)));
    for (const name of this.#files.list(this.#root))
      if (!known.has(name)) this.#networks.remove(`${this.#root}/${name}`);
  }
}
