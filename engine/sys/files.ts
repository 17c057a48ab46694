/** What a name stands for. */
export type FileKind = "file" | "directory" | "symlink" | "char-device" | "block-device" | "fifo" | "socket";

/** stat(2), as far as the engine asks. Sizes in bytes, times in milliseconds since 1970. */
export interface FileInfo {
  readonly kind: FileKind;
  readonly mode: number;
  readonly size: number;
  readonly uid: number;
  readonly gid: number;
  readonly ino: number;
  readonly dev: number;
  readonly nlink: number;
  readonly major: number;
  readonly minor: number;
  readonly mtimeMs: number;
}

/** A file opened for reading. */
export interface OpenFile {
  /** Bytes read into the buffer, 0 at the end. */
  read(buffer: Uint8Array): number;
  seek(offset: number): void;
  close(): void;
}

/** A file being written. */
export interface WritableFile {
  write(data: Uint8Array): void;
  close(): void;
}

/** Something that goes on until it is disposed of. */
export interface Disposable {
  dispose(): void;
}

/**
 * The file system. Calls are synchronous: on the guest's tmpfs they cost less than a promise would. What fails
 * throws a {@link SysError}.
 */
export interface Files {
  readText(path: string): string;
  readBytes(path: string): Uint8Array;
  /** As it is, in place: for the files of /proc and cgroups. */
  write(path: string, text: string): void;
  /** The whole file or nothing: written beside it as `.tmp`, then renamed. Default mode 0600. */
  writeAtomic(path: string, data: string | Uint8Array, mode?: number): void;
  append(path: string, text: string): void;
  openRead(path: string): OpenFile;
  /** Makes the file or empties it. */
  openWrite(path: string): WritableFile;
  /** null where nothing is there. Links are followed only when asked. */
  stat(path: string, follow?: boolean): FileInfo | null;
  exists(path: string): boolean;
  /** Names in a directory, sorted; an empty list where it does not exist. */
  list(path: string): string[];
  makeDirectory(path: string, mode?: number): void;
  /** With those above it; one that is there is fine. */
  makeDirectories(path: string, mode?: number): void;
  /** A file; absent is fine. */
  removeFile(path: string): void;
  /** An empty directory. */
  removeDirectory(path: string): void;
  /** A file or a whole directory; absent is fine. */
  removeTree(path: string): void;
  rename(from: string, to: string): void;
  symlink(target: string, path: string): void;
  readLink(path: string): string;
  chmod(path: string, mode: number): void;
  chown(path: string, uid: number, gid: number): void;
  /** The sizes of the regular files below a directory, in bytes. */
  treeSize(path: string): number;
  /** Bytes of the file system that holds the path. */
  space(path: string): { total: number; free: number };
  /** Calls back after a file was written to, moved or removed, or one in a directory was written to (inotify(7)). */
  watch(path: string, changed: () => void): Disposable;
  /** Takes a lock that lasts as long as this process; false where another process has it (flock(2)). */
  lock(path: string): boolean;
}

/** What a failed system call throws. */
export interface SysError extends Error {
  /** "ENOENT" */
  readonly code: string;
  readonly errno: number;
  /** "open" */
  readonly syscall: string;
}

/** Whether something thrown is a {@link SysError}, with one of these codes where any are given. */
export function isSysError(error: unknown, ...codes: string[]): error is SysError {
  if (!(error instanceof Error)) return false;
  const code = (error as Partial<SysError>).code;
  return typeof code === "string" && (codes.length === 0 || codes.includes(code));
}
