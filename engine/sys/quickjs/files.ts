import * as fs from "native:fs";
import * as tree from "native:tree";
import type { Disposable, FileInfo, Files, OpenFile, WritableFile } from "../files.ts";
import { isSysError } from "../files.ts";
import { FileWatches } from "./file-watches.ts";

class NativeOpenFile implements OpenFile {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  read(buffer: Uint8Array): number {
    return fs.read(this.#fd, buffer);
  }

  seek(offset: number): void {
    fs.seek(this.#fd, offset, fs.SEEK_SET);
  }

  close(): void {
    fs.close(this.#fd);
  }
}

class NativeWritableFile implements WritableFile {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  write(data: Uint8Array): void {
    for (let offset = 0; offset < data.length; ) offset += fs.write(this.#fd, data, offset);
  }

  close(): void {
    fs.close(this.#fd);
  }
}

/** {@link Files} on native:fs. */
export class NativeFiles implements Files {
  readonly #watches = new FileWatches();

  readText(path: string): string {
    return fs.readText(path);
  }

  readBytes(path: string): Uint8Array {
    return fs.readFile(path);
  }

  write(path: string, text: string): void {
    fs.writeFile(path, text, fs.O_WRONLY);
  }

  writeAtomic(path: string, data: string | Uint8Array, mode = 0o600): void {
    const temporary = `${path}.tmp`;
    try {
      fs.writeFile(temporary, data, fs.O_WRONLY | fs.O_CREAT | fs.O_TRUNC, mode);
      fs.rename(temporary, path);
    } catch (error) {
      this.removeFile(temporary); // half a file on a full disk would keep it full
      throw error;
    }
  }

  append(path: string, text: string): void {
    fs.writeFile(path, text, fs.O_WRONLY | fs.O_CREAT | fs.O_APPEND, 0o644);
  }

  openRead(path: string): OpenFile {
    return new NativeOpenFile(fs.open(path, fs.O_RDONLY));
  }

  openWrite(path: string): WritableFile {
    return new NativeWritableFile(fs.open(path, fs.O_WRONLY | fs.O_CREAT | fs.O_TRUNC, 0o600));
  }

  stat(path: string, follow = false): FileInfo | null {
    return fs.stat(path, follow);
  }

  exists(path: string): boolean {
    return fs.stat(path, false) !== null;
  }

  list(path: string): string[] {
    try {
      return fs.readdir(path).toSorted();
    } catch (error) {
      if (isSysError(error, "ENOENT")) return [];
      throw error;
    }
  }

  makeDirectory(path: string, mode = 0o755): void {
    fs.mkdir(path, mode);
  }

  makeDirectories(path: string, mode = 0o755): void {
    fs.mkdirs(path, mode);
  }

  removeFile(path: string): void {
    try {
      fs.unlink(path);
    } catch (error) {
      if (!isSysError(error, "ENOENT")) throw error;
    }
  }

  removeDirectory(path: string): void {
    fs.rmdir(path);
  }

  removeTree(path: string): void {
    tree.remove(path);
  }

  rename(from: string, to: string): void {
    fs.rename(from, to);
  }

  symlink(target: string, path: string): void {
    fs.symlink(target, path);
  }

  readLink(path: string): string {
    return fs.readlink(path);
  }

  chmod(path: string, mode: number): void {
    fs.chmod(path, mode);
  }

  chown(path: string, uid: number, gid: number): void {
    fs.chown(path, uid, gid);
  }

  treeSize(path: string): number {
    return tree.size(path);
  }

  space(path: string): { total: number; free: number } {
    return fs.statfs(path);
  }

  watch(path: string, changed: () => void): Disposable {
    return this.#watches.add(path, changed);
  }

  lock(path: string): boolean {
    // The descriptor stays open on purpose: the lock ends with the process.
    return fs.lock(fs.open(path, fs.O_RDWR | fs.O_CREAT, 0o600), fs.LOCK_EX | fs.LOCK_NB);
  }
}
