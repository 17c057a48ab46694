import { EngineError, messageOf } from "../base/errors.ts";
import type { Bytes } from "../sys/bytes.ts";
import type { Clock } from "../sys/clock.ts";
import type { Files } from "../sys/files.ts";
import { isSysError } from "../sys/files.ts";
import { DETACH, type Mounts } from "../sys/kernel.ts";
import { checkVolumeOptions, mountVolume, needsMount, type VolumeOptions } from "./volume-options.ts";
import { ANONYMOUS_LABEL, checkVolumeName, isVolumeName, LOCAL_DRIVER, type Volume } from "./volume.ts";

/** What a volume is to be. */
export interface VolumeRequest {
  /** Empty for a random one. */
  readonly name: string;
  /** Empty for the one that there is. */
  readonly driver: string;
  readonly options: VolumeOptions | null;
  readonly labels: Readonly<Record<string, string>> | null;
  /** Whether nobody gave it a name; by default where it has none. */
  readonly anonymous?: boolean;
}

/** `volume.json`, beside a volume's files. */
interface StoredVolume {
  readonly CreatedAt: string;
  readonly Labels: Readonly<Record<string, string>> | null;
  readonly Options: VolumeOptions | null;
}

/** The directory of a volume's files, as Docker calls it. */
const DATA = "_data";
const RECORD = "volume.json";
/** Files on their way into a volume; they become its data by one rename. */
const STAGE = "_stage";

/** Wraps what went wrong with an operation on a volume, in Docker's words. */
function explain(operation: string, name: string, error: unknown): unknown {
  if (!(error instanceof EngineError)) return error;
  return new EngineError(error.kind, `${operation} ${name}: ${error.message}`, { cause: error });
}

/**
 * Volumes of the `local` driver, `<data root>/volumes/<name>/_data`. A volume appears and disappears with the rename of
 * its directory; directories that somebody put there by hand are volumes too, once the daemon starts.
 */
export class VolumeStore {
  readonly #files: Files;
  readonly #mounts: Mounts;
  readonly #bytes: Bytes;
  readonly #clock: Clock;
  readonly #root: string;
  readonly #report: (problem: string) => void;
  readonly #volumes = new Map<string, Volume>();
  /** The ids of the containers that use a volume, running or not. */
  readonly #users = new Map<string, Set<string>>();
  /** How often the files of a volume that needs a mount are in use now. */
  readonly #mountCounts = new Map<string, number>();

  /** `root` is the data root. */
  constructor(
    sys: { files: Files; mounts: Mounts; bytes: Bytes; clock: Clock },
    root: string,
    report: (problem: string) => void,
  ) {
    this.#files = sys.files;
    this.#mounts = sys.mounts;
    this.#bytes = sys.bytes;
    this.#clock = sys.clock;
    this.#root = `${root}/volumes`;
    this.#report = report;
    this.#files.makeDirectories(this.#root, 0o701);
    for (const name of this.#files.list(this.#root)) this.#load(name);
  }

  /** Sorted by name. */
  list(): Volume[] {
    return [...this.#volumes.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  get(name: string): Volume | undefined {
    return this.#volumes.get(name);
  }

  /** Throws "not-found" in Docker's words. */
  find(name: string): Volume {
    const volume = this.#volumes.get(name);
    if (volume) return volume;
    throw new EngineError("not-found", `get ${name}: no such volume`);
  }

  /** A name that no volume has. */
  randomName(): string {
    return this.#bytes.randomHex(32);
  }

  /**
   * Makes a volume; one of that name that is there already is returned as it is. Throws "invalid" where name or options
   * can't be, "not-found" for another driver.
   */
  create(request: VolumeRequest): { volume: Volume; created: boolean } {
    const { driver } = request;
    const name = request.name || this.randomName();
    try {
      if (driver !== "" && driver !== LOCAL_DRIVER)
        throw new EngineError(
          "not-found",
          `error looking up volume plugin ${driver}: plugin ${JSON.stringify(driver)} not found`,
        );
      const existing = this.#volumes.get(name);
      if (existing) return { volume: existing, created: false };
      checkVolumeName(name);
      checkVolumeOptions(request.options ?? {});
      const anonymous = request.anonymous ?? request.name === "";
      const labels = anonymous ? { ...request.labels, [ANONYMOUS_LABEL]: "" } : request.labels;
      return { volume: this.#make({ ...request, name, labels }), created: true };
    } catch (error) {
      throw explain("create", name, error);
    }
  }

  /** Removes a volume with its files. Throws "conflict" in Docker's words while a container uses it. */
  remove(volume: Volume): void {
    const { name } = volume;
    const users = this.users(volume);
    if (users.length > 0)
      throw new EngineError("conflict", `remove ${name}: volume is in use - [${users.join(", ")}]`);
    const directory = `${this.#root}/${name}`;
    const removed = `${this.#root}/.removed-${name}`;
    try {
      this.#unmountNow(volume);
      this.#files.rename(directory, removed);
      this.#removeRenamed(removed, directory);
    } catch (error) {
      throw new EngineError("system", `remove ${name}: ${messageOf(error)}`, { cause: error });
    }
    this.#volumes.delete(name);
    this.#users.delete(name);
  }

  /** The ids of the containers that use a volume. */
  users(volume: Volume): string[] {
    return [...(this.#users.get(volume.name) ?? [])];
  }

  /** Notes that a container uses a volume: until it is released, the volume can't be removed. */
  use(name: string, containerId: string): void {
    const users = this.#users.get(name) ?? new Set();
    this.#users.set(name, users.add(containerId));
  }

  release(name: string, containerId: string): void {
    this.#users.get(name)?.delete(containerId);
  }

  /** Makes a volume's files appear, where that takes a mount, until `unmount` was called as often. */
  mount(volume: Volume): void {
    const { name, options, path } = volume;
    if (!needsMount(options)) return;
    const count = this.#mountCounts.get(name) ?? 0;
    if (count === 0) mountVolume(this.#mounts, options, path);
    this.#mountCounts.set(name, count + 1);
  }

  unmount(volume: Volume): void {
    const { name, options } = volume;
    if (!needsMount(options)) return;
    const count = (this.#mountCounts.get(name) ?? 0) - 1;
    if (count > 0) this.#mountCounts.set(name, count);
    else this.#unmountNow(volume);
  }

  /** Counts a mount that an earlier daemon has made, and that is still there. */
  adoptMount({ name, options }: Volume): void {
    if (needsMount(options)) this.#mountCounts.set(name, (this.#mountCounts.get(name) ?? 0) + 1);
  }

  /** Unmounts what an earlier daemon has left mounted for nobody. */
  collectGarbage(): void {
    for (const volume of this.#volumes.values())
      if (needsMount(volume.options) && !this.#mountCounts.has(volume.name)) this.#unmountNow(volume);
  }

  /** An empty directory whose files can become the volume's by {@link commitStage}. */
  openStage(volume: Volume): string {
    const stage = `${this.#root}/${volume.name}/${STAGE}`;
    this.#files.removeTree(stage);
    this.#files.makeDirectory(stage, 0o755);
    return stage;
  }

  /** Puts the staged files in the place of the volume's own, which must be empty. */
  commitStage(volume: Volume): void {
    this.#files.rename(`${this.#root}/${volume.name}/${STAGE}`, volume.path);
  }

  dropStage(volume: Volume): void {
    this.#files.removeTree(`${this.#root}/${volume.name}/${STAGE}`);
  }

  /** The sizes of a volume's files, in bytes. */
  size(volume: Volume): number {
    return this.#files.treeSize(volume.path);
  }

  /** Takes up one entry of the directory of volumes. What is not one was being made or removed at a crash. */
  #load(name: string): void {
    const directory = `${this.#root}/${name}`;
    const info = this.#files.stat(directory);
    if (info?.kind !== "directory") return;
    if (!isVolumeName(name)) {
      this.#files.removeTree(directory);
      return;
    }
    this.#files.removeTree(`${directory}/${STAGE}`);
    const stored = this.#readRecord(`${directory}/${RECORD}`);
    const unknown = { CreatedAt: new Date(info.mtimeMs).toISOString(), Labels: null, Options: null };
    this.#volumes.set(name, this.#describe(name, stored ?? unknown));
  }

  #readRecord(path: string): StoredVolume | null {
    if (!this.#files.exists(path)) return null;
    try {
      return JSON.parse(this.#files.readText(path));
    } catch (error) {
      this.#report(`${path}: ${messageOf(error)}`);
      return null;
    }
  }

  #describe(name: string, stored: StoredVolume): Volume {
    const { CreatedAt: createdAt, Labels: labels, Options: options } = stored;
    return { name, path: `${this.#root}/${name}/${DATA}`, createdAt, labels, options };
  }

  #make({ name, labels, options }: VolumeRequest): Volume {
    const stored = { CreatedAt: this.#clock.timestamp(), Labels: labels, Options: options };
    const directory = `${this.#root}/${name}`;
    const temporary = `${this.#root}/.new-${name}`;
    const fill = (place: string): void => {
      this.#files.makeDirectories(`${place}/${DATA}`, 0o755);
      this.#files.writeAtomic(`${place}/${RECORD}`, JSON.stringify(stored));
    };
    try {
      this.#files.removeTree(temporary);
      this.#files.makeDirectory(temporary, 0o701);
      fill(temporary);
      // Somebody may have made the directory by hand since we looked.
      if (this.#files.exists(directory)) fill(directory);
      else this.#files.rename(temporary, directory);
      this.#files.removeTree(temporary);
    } catch (error) {
      this.#files.removeTree(temporary);
      throw new EngineError("system", messageOf(error), { cause: error });
    }
    const volume = this.#describe(name, stored);
    this.#volumes.set(name, volume);
    return volume;
  }

  /** Where something can't be removed (it may be in use as a mount point), all that is left comes back. */
  #removeRenamed(removed: string, directory: string): void {
    try {
      this.#files.removeTree(removed);
    } catch (error) {
      this.#files.rename(removed, directory);
      throw error;
    }
  }

  #unmountNow({ name, path, options }: Volume): void {
    if (!needsMount(options)) return;
    this.#mountCounts.delete(name);
    try {
      this.#mounts.unmount(path, DETACH);
    } catch (error) {
      if (!isSysError(error, "EINVAL", "ENOENT")) throw error; // it is not mounted
    }
  }
}
