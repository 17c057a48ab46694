import { type Remote, transfer, wrap } from "comlink";
import type { SavedMachine } from "../machine.ts";
import { HEADER_MAX, type SnapshotHeader, decodeHeader } from "../snapshot.ts";
import { type MachineStore, StoreError, type StoredMachine } from "./machine-store.ts";
import type { StoreFailure, WriterApi } from "./writer-api.ts";

/** A file is named by when it was begun: a later one takes an earlier one's place. */
const FILE_NAME = /^(\d{13,})\.drydock$/;
/** Milliseconds to wait for the page that was here a moment ago: after a reload it may not have gone yet. */
const PATIENCE = 400;

/**
 * A store in the browser's private files (the origin private file system), for the pages of one folder. The first tab
 * has it until that is closed; in others every method rejects with "elsewhere".
 */
export class OpfsStore implements MachineStore {
  readonly #folder: string;
  readonly #makeWriter: () => Worker;
  #owned: Promise<void> | undefined;
  /** What was called last: one thing happens at a time. */
  #last: Promise<unknown> = Promise.resolve();
  #writer: Remote<WriterApi> | undefined;

  /** `name` tells this site from others of the same origin. `makeWriter` makes a worker of writer-worker.ts. */
  constructor(name: string, makeWriter: () => Worker) {
    this.#folder = `drydock ${encodeURIComponent(name)}`;
    this.#makeWriter = makeWriter;
  }

  find(): Promise<StoredMachine | undefined> {
    return this.#next(async directory => {
      const names = await fileNames(directory);
      for (const name of names.toReversed()) {
        const stored = await read(directory, name);
        if (stored === undefined) continue;
        await remove(
          directory,
          names.filter(other => other !== name),
        );
        return stored;
      }
      await remove(directory, names);
      return undefined;
    });
  }

  keep({ header, file }: SavedMachine): Promise<StoredMachine> {
    // The state is handed over: a copy of it would take as much memory again.
    const given = transfer(file, [file.buffer]);
    return this.#replace((writer, folder, name) => writer.pack(folder, name, header, given));
  }

  async adopt(file: Blob, check: (header: SnapshotHeader) => void): Promise<StoredMachine> {
    const header = await headerOf(file);
    if (header === undefined) throw new StoreError("damaged", "the file is not a saved machine");
    check(header);
    return this.#replace((writer, folder, name) => writer.copy(folder, name, file));
  }

  clear(): Promise<void> {
    return this.#next(async directory => remove(directory, await fileNames(directory)));
  }

  #replace(
    write: (writer: Remote<WriterApi>, folder: string, name: string) => Promise<StoreFailure | undefined>,
  ): Promise<StoredMachine> {
    return this.#next(async directory => {
      const before = await fileNames(directory);
      const name = `${Date.now()}.drydock`;
      // Safari lets nobody but a worker write.
      this.#writer ??= wrap<WriterApi>(this.#makeWriter());
      const failure = await write(this.#writer, this.#folder, name);
      const stored = failure === undefined ? await read(directory, name) : undefined;
      await remove(directory, stored === undefined ? [name] : before.filter(other => other !== name));
      if (failure !== undefined) throw new StoreError(failure.kind, failure.message);
      if (stored === undefined) throw new StoreError("damaged", "this is not a saved machine");
      return stored;
    });
  }

  #next<T>(use: (directory: FileSystemDirectoryHandle) => Promise<T>): Promise<T> {
    const result = this.#last.then(async () => {
      try {
        return await use(await this.#open());
      } catch (error) {
        throw StoreError.from(error);
      }
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #open(): Promise<FileSystemDirectoryHandle> {
    if (!("storage" in navigator) || !("getDirectory" in navigator.storage))
      throw new StoreError("unsupported", "this browser has no private files for this page");
    this.#owned ??= own(this.#folder);
    await this.#owned;
    const root = await navigator.storage.getDirectory();
    return root.getDirectoryHandle(this.#folder, { create: true });
  }
}

/** Takes a lock for as long as the page lives. */
function own(name: string): Promise<void> {
  if (!("locks" in navigator)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const forEver = new Promise<never>(() => undefined);
    const hold = (): Promise<never> => {
      resolve();
      return forEver;
    };
    navigator.locks.request(name, { signal: AbortSignal.timeout(PATIENCE) }, hold).catch((cause: unknown) => {
      reject(new StoreError("elsewhere", "another tab of this site keeps its machine", { cause }));
    });
  });
}

/** The earliest first. */
async function fileNames(directory: FileSystemDirectoryHandle): Promise<string[]> {
  const names: string[] = [];
  for await (const name of directory.keys()) if (FILE_NAME.test(name)) names.push(name);
  return names.toSorted();
}

/** The machine in a file; undefined where a save was interrupted, since the head is written last. */
async function read(directory: FileSystemDirectoryHandle, name: string): Promise<StoredMachine | undefined> {
  const file = await (await directory.getFileHandle(name)).getFile();
  const header = await headerOf(file);
  if (header === undefined) return undefined;
  return { header, size: file.size, savedAt: file.lastModified, file };
}

/** The header of a saved machine's file; undefined where it is none. */
async function headerOf(file: Blob): Promise<SnapshotHeader | undefined> {
  return decodeHeader(new Uint8Array(await file.slice(0, HEADER_MAX).arrayBuffer()));
}

async function remove(directory: FileSystemDirectoryHandle, names: readonly string[]): Promise<void> {
  for (const name of names) {
    try {
      await directory.removeEntry(name);
    } catch {
      // A worker of the page before may still have it open: the next visit finds it again.
    }
  }
}
