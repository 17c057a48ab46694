/**
 * The native modules of `jsrun` (engine/native/runtime). Only `engine/sys/quickjs` imports them.
 *
 * Calls are synchronous unless they say otherwise. A failed system call throws an `Error` with `code`
 * ("ENOENT"), `errno` and `syscall`; its message is "<call> <subject>: <text>" in Go's wording. Bytes are
 * `Uint8Array`s; strings are UTF-8 outside. Descriptors are plain numbers, all close-on-exec.
 */

/** What failed system calls throw. */
interface NativeError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
}

/** The words behind the program's name. */
declare const programArguments: readonly string[];

/** File descriptors, timers and signals as events (epoll(7), signalfd(2)). The program ends when none is left. */
declare module "native:loop" {
  export const EPOLLIN: number, EPOLLOUT: number, EPOLLPRI: number;
  export const EPOLLHUP: number, EPOLLERR: number, EPOLLRDHUP: number;
  /** Calls back, level-triggered, with the events that are ready. EPERM where the kernel can't poll the file. */
  export function watch(fd: number, events: number, ready: (events: number) => void): number;
  export function modify(watch: number, events: number): void;
  export function unwatch(watch: number): void;
  /** Once, after `ms`. */
  export function setTimer(ms: number, callback: () => void): number;
  /** One that has fired or was cleared is fine. */
  export function clearTimer(timer: number): void;
  /** From now on the signal is blocked and calls back instead. */
  export function onSignal(signal: number, callback: (signal: number) => void): void;
  export function onUnhandledRejection(callback: (promise: Promise<unknown>, reason: unknown) => void): void;
  /** Milliseconds with fraction since some fixed point. */
  export function monotonic(): number;
  /** Now, as RFC 3339 with nanoseconds in UTC, trailing zeros dropped (Go's RFC3339Nano). */
  export function timestamp(): string;
  /** Ends the program once the current callback returns. */
  export function exit(status: number): void;
}

declare module "native:fs" {
  export const O_RDONLY: number, O_WRONLY: number, O_RDWR: number, O_CREAT: number, O_EXCL: number;
  export const O_TRUNC: number, O_APPEND: number, O_NONBLOCK: number, O_NOFOLLOW: number;
  export const O_DIRECTORY: number, O_PATH: number;
  export const SEEK_SET: number, SEEK_CUR: number, SEEK_END: number;
  export const LOCK_EX: number, LOCK_SH: number, LOCK_NB: number, LOCK_UN: number;
  export const S_IFCHR: number, S_IFBLK: number, S_IFIFO: number, S_IFREG: number;
  export const IN_MODIFY: number, IN_CREATE: number, IN_DELETE: number, IN_MOVED_TO: number;
  export const IN_MOVED_FROM: number, IN_CLOSE_WRITE: number, IN_DELETE_SELF: number;
  export const IN_MOVE_SELF: number, IN_IGNORED: number;

  export interface Stat {
    readonly kind: "file" | "directory" | "symlink" | "char-device" | "block-device" | "fifo" | "socket";
    /** Permission bits, set-id and sticky bits included. */
    readonly mode: number;
    readonly size: number;
    /** Of 512 bytes. */
    readonly blocks: number;
    readonly uid: number;
    readonly gid: number;
    readonly dev: number;
    readonly ino: number;
    readonly nlink: number;
    readonly major: number;
    readonly minor: number;
    readonly mtimeMs: number;
  }

  export function open(path: string, flags: number, mode?: number): number;
  export function close(fd: number): void;
  /** Bytes read, 0 at the end, -1 where it would block. */
  export function read(fd: number, buffer: Uint8Array, offset?: number, length?: number): number;
  /** Bytes written, -1 where it would block. */
  export function write(fd: number, data: Uint8Array | string, offset?: number, length?: number): number;
  export function seek(fd: number, offset: number, whence: number): number;
  export function fsync(fd: number): void;
  /** flock(2); false where LOCK_NB was asked for and another holds it. */
  export function lock(fd: number, operation: number): boolean;
  /** A second open file description of the same file (through /proc/self/fd), with flags of its own. */
  export function reopen(fd: number, flags: number): number;
  /** Read end, write end. */
  export function pipe(flags?: number): [number, number];
  export function readFile(path: string): Uint8Array;
  export function readText(path: string): string;
  /** Not atomic. Flags default to O_WRONLY|O_CREAT|O_TRUNC, mode to 0666 less the umask. */
  export function writeFile(path: string, data: Uint8Array | string, flags?: number, mode?: number): void;
  /** null where nothing is there. */
  export function stat(path: string, follow?: boolean): Stat | null;
  export function statfs(path: string): { type: number; total: number; free: number };
  export function chmod(path: string, mode: number): void;
  /** Of a link itself, not of its target. */
  export function chown(path: string, uid: number, gid: number): void;
  export function setMtime(path: string, ms: number): void;
  export function truncate(path: string, length: number): void;
  /** null where the file has no such attribute. */
  export function getXattr(path: string, name: string): string | null;
  export function setXattr(path: string, name: string, value: string): void;
  /** Names without "." and "..", in no order. */
  export function readdir(path: string): string[];
  export function mkdir(path: string, mode?: number): void;
  /** With those above it; one that is there is fine. */
  export function mkdirs(path: string, mode?: number): void;
  export function rmdir(path: string): void;
  export function unlink(path: string): void;
  export function rename(from: string, to: string): void;
  export function link(from: string, to: string): void;
  export function symlink(target: string, path: string): void;
  export function readlink(path: string): string;
  /** `mode` holds the type, such as S_IFCHR, and the permissions. */
  export function mknod(path: string, mode: number, major?: number, minor?: number): void;
  export function inotifyOpen(): number;
  export function inotifyAdd(fd: number, path: string, mask: number): number;
  export function inotifyRemove(fd: number, watch: number): void;
  /** What has happened: watch, mask, name, watch, mask, name... */
  export function inotifyRead(fd: number): (number | string)[];
}

declare module "native:tree" {
  /** A file, or a directory with all below it; absent is fine. Links are removed, not followed. */
  export function remove(path: string): void;
  /** The sizes of the regular files below a directory, each inode once. */
  export function size(path: string): number;
  export interface Copier {
    /** Copies about so many bytes more; true when all is copied. A failed call throws a TypeError. */
    run(bytes: number): boolean;
  }
  /** Copies what a directory holds, with its metadata and links, into another. Sockets are left out. */
  export function createCopier(from: string, to: string): Copier;
  /**
   * What an overlay's upper directory changes in those below it, which `lower` shows as one: kind (0 modified,
   * 1 added, 2 deleted), path, kind, path...
   */
  export function changes(upper: string, lower: string): (number | string)[];
}

/** A directory with mounts over it that only we see, and paths inside it that no link leads out of. */
declare module "native:view" {
  import type { Stat } from "native:fs";

  export interface Bind {
    readonly source: string;
    /** What to show of the source, which no link may lead out of; empty for all. */
    readonly subpath: string;
    /** A path inside the root, made where it is missing. */
    readonly target: string;
    /** With the mounts below the source. */
    readonly recursive: boolean;
    /** 0 writable, 1 read-only, 2 read-only with the mounts below it. */
    readonly access: number;
    /** MS_PRIVATE and the like, with MS_REC; 0 leaves it. */
    readonly propagation: number;
  }
  /**
   * Makes a mount namespace with these mounts; with `overlay`, the options of a read-only overlay to see at the root.
   * It lasts as long as the descriptors that are returned: the root's, for the functions below, and its own.
   */
  export function open(
    root: string,
    binds: readonly Bind[],
    overlay?: string,
    directory?: string,
  ): [root: number, namespace: number];
  /** open(2) inside the root. */
  export function openAt(root: number, path: string, flags: number): number;
  export interface PathStat extends Stat {
    /** The part of the time below a second. */
    readonly mtimeNs: number;
  }
  /** null where nothing is there. */
  export function stat(root: number, path: string, follow: boolean): PathStat | null;
  export function readLink(root: number, path: string): string;
}

declare module "native:process" {
  export interface Spawn {
    readonly file: string;
    readonly argv: readonly string[];
    /** NAME=VALUE; by default our own. */
    readonly env?: readonly string[];
    readonly cwd?: string;
    /** The child's descriptor i is fds[i]; -1 is /dev/null. It has no others. */
    readonly fds: readonly number[];
    readonly newSession?: boolean;
  }
  /** Returns the pid once the child runs the file; what fails before that is thrown here. */
  export function spawn(options: Spawn): number;
  /** null while the child runs. pid -1 means any child. */
  export function wait(pid: number): { pid: number; code: number; signal: number } | null;
  export function kill(pid: number, signal: number): void;
  /** Readable once the process has ended (pidfd_open(2)). */
  export function pidfdOpen(pid: number): number;
  export function pidfdSignal(pidfd: number, signal: number): void;
  export function pid(): number;
  export function uid(): number;
  export function environment(): Record<string, string>;
  export function cwd(): string;
  /** Sets it and returns the one before. */
  export function umask(mask: number): number;
  /** What `ps` shows; at most 15 bytes. */
  export function setName(name: string): void;
  export function setOpenFileLimit(soft: number, hard: number): void;
  export function uname(): {
    sysname: string;
    nodename: string;
    release: string;
    version: string;
    machine: string;
  };
  /** Bytes of memory and swap, and processors online. */
  export function machine(): { memory: number; swap: number; cpus: number };
  /** From the kernel's random pool. */
  export function random(length: number): Uint8Array;
}

declare module "native:namespace" {
  export const MS_RDONLY: number, MS_NOSUID: number, MS_NODEV: number, MS_NOEXEC: number, MS_REMOUNT: number;
  export const MS_BIND: number, MS_REC: number, MS_PRIVATE: number, MS_SLAVE: number, MS_SHARED: number;
  export const MS_RELATIME: number, MS_STRICTATIME: number, MNT_DETACH: number, MNT_FORCE: number;
  export const CLONE_NEWNS: number, CLONE_NEWUTS: number, CLONE_NEWIPC: number, CLONE_NEWPID: number;
  export const CLONE_NEWNET: number, CLONE_NEWUSER: number, CLONE_NEWCGROUP: number;
  /** With a directory, relative paths in source and data are taken from there. */
  export function mount(
    source: string | undefined,
    target: string,
    type: string | undefined,
    flags: number,
    data?: string,
    directory?: string,
  ): void;
  export function unmount(target: string, flags?: number): void;
  export function pivotRoot(root: string, old: string): void;
  export function unshare(flags: number): void;
  export function setns(path: string, type: number): void;
  /** A network namespace that a bind mount at the path keeps alive. The path must not exist. */
  export function createNetwork(path: string): void;
  /** Runs a function inside the network namespace at a path. It must not await. */
  export function inNetwork<T>(path: string, inside: () => T): T;
}

/** rtnetlink(7). A socket speaks for the namespace in which it was opened; close it with native:fs. */
declare module "native:netlink" {
  export interface Link {
    readonly index: number;
    readonly name: string;
    readonly up: boolean;
    readonly mtu: number;
    readonly mac?: string;
    /** Index of the bridge that it is a port of. */
    readonly master?: number;
    readonly rxBytes: number;
    readonly rxPackets: number;
    readonly rxErrors: number;
    readonly rxDropped: number;
    readonly txBytes: number;
    readonly txPackets: number;
    readonly txErrors: number;
    readonly txDropped: number;
  }
  export function open(): number;
  /** `peer` is the other end's name, of a kind "veth". */
  export function addLink(
    socket: number,
    link: { name: string; kind: string; mac?: string; mtu?: number; peer?: string },
  ): void;
  /** `up` is 0 or 1; master 0 takes the link off its bridge; networkFd moves it to that namespace. */
  export function setLink(
    socket: number,
    index: number,
    change: { up?: number; name?: string; mac?: string; mtu?: number; master?: number; networkFd?: number },
  ): void;
  export function deleteLink(socket: number, index: number): void;
  export function links(socket: number): Link[];
  export function changeAddress(
    socket: number,
    add: boolean,
    index: number,
    address: string,
    prefix: number,
  ): void;
  export function addresses(socket: number): { index: number; address: string; prefix: number }[];
  /** No destination means the default route. */
  export function changeRoute(
    socket: number,
    add: boolean,
    route: { destination?: string; prefix?: number; gateway?: string; index?: number },
  ): void;
  /** Of the main table. */
  export function routes(
    socket: number,
  ): { destination?: string; prefix: number; gateway?: string; index?: number }[];
}

/** All sockets are non-blocking. */
declare module "native:socket" {
  export const SHUT_RD: number, SHUT_WR: number, SHUT_RDWR: number;
  /** `mode` is of the socket's file, which must not exist. */
  export function listenUnix(path: string, mode: number): number;
  export function connectUnix(path: string): number;
  export function pair(): [number, number];
  export function peerCredentials(fd: number): { pid: number; uid: number; gid: number };
  /** Addresses are numeric, IPv4 or IPv6. */
  export function listenTcp(address: string, port: number): number;
  /** Under way: watch for EPOLLOUT, then takeError(). */
  export function connectTcp(address: string, port: number): number;
  export function bindUdp(address: string, port: number): number;
  export function connectUdp(address: string, port: number): number;
  /** Throws the error that a connection under way has met. */
  export function takeError(fd: number): void;
  /** -1 where none waits. */
  export function accept(fd: number): number;
  export function shutdown(fd: number, how: number): void;
  export function localAddress(fd: number): { address?: string; port?: number; path?: string };
  export function peerAddress(fd: number): { address?: string; port?: number; path?: string };
  /** null where nothing waits. */
  export function receiveFrom(
    fd: number,
    buffer: Uint8Array,
  ): { length: number; address: string; port: number } | null;
  export function sendTo(fd: number, data: Uint8Array, address: string, port: number): number;
  /** Bytes read, 0 at the end, -1 where it would block, whatever the socket's own mode (MSG_DONTWAIT). */
  export function receive(fd: number, buffer: Uint8Array): number;
  /** Bytes written, -1 where it would block, likewise. */
  export function send(fd: number, data: Uint8Array, offset: number): number;
  /** Bytes sent, -1 where it would block. The descriptors go with the first byte (unix(7), SCM_RIGHTS). */
  export function sendWithFds(fd: number, data: Uint8Array | string, fds: readonly number[]): number;
  /** null where nothing waits; length 0 at the end. */
  export function receiveWithFds(fd: number, buffer: Uint8Array): { length: number; fds: number[] } | null;
}

declare module "native:tty" {
  export function isatty(fd: number): boolean;
  /** Rows, columns. */
  export function getSize(fd: number): [number, number];
  export function setSize(fd: number, rows: number, columns: number): void;
  /** Returns the settings before, for restore(). */
  export function makeRaw(fd: number): Uint8Array;
  export function restore(fd: number, settings: Uint8Array): void;
  /** Master, slave. */
  export function openPty(): [number, number];
}

/** Digests are 64 hexadecimal digits. */
declare module "native:digest" {
  export interface Sha256 {
    update(data: Uint8Array | string): void;
    /** Of all so far; more may follow. */
    hex(): string;
  }
  export function sha256(data: Uint8Array | string): string;
  export function createSha256(): Sha256;
}

/** gzip (RFC 1952). Corrupt input throws a TypeError. */
declare module "native:compress" {
  export interface GzipStream {
    /** What comes out for this input; `last` ends the stream. */
    push(data: Uint8Array, last?: boolean): Uint8Array;
  }
  export function createGunzip(): GzipStream;
  export function createGzip(level?: number): GzipStream;
}

/** tar archives (ustar, pax, GNU names). Bad archives and failed files throw a TypeError that says which. */
declare module "native:tar" {
  export interface Unpacker {
    /** Plain or gzip-compressed, told from the first bytes. */
    write(data: Uint8Array): void;
    /** Hex digests of the input and of the tar in it, empty unless wanted; the bytes of all regular files. */
    end(): { digest: string; diffId: string; size: number };
  }
  /**
   * Nothing outside the root is touched. With `whiteouts`, those of image layers become overlayfs's; `below` is the
   * path in the root where the entries go; with `keepKinds`, no directory is replaced by something else, nor the
   * reverse; `uid` and `gid` own everything, whatever the archive says, or we do, with `ours`. Names that start with
   * `from` start with `to` instead.
   */
  export function createUnpacker(
    root: string,
    options: {
      whiteouts: boolean;
      digests: boolean;
      below?: string;
      keepKinds?: boolean;
      uid?: number;
      gid?: number;
      ours?: boolean;
      from?: string;
      to?: string;
    },
  ): Unpacker;
  export interface Packer {
    /** Fills at most the buffer (16 KiB or more); 0 at the end. */
    read(buffer: Uint8Array): number;
  }
  /**
   * All of a directory in the order of names, or one entry of it ("." for itself). `rename` is what that entry is
   * called in the archive; for all, a prefix that ends in "/". With `whiteouts`, overlayfs's become those of image layers.
   */
  export function createPacker(directory: string, whiteouts: boolean, name?: string, rename?: string): Packer;
}

/**
 * Copies between descriptors in C, on duplicates of them. They are non-blocking, or regular files, or sockets,
 * which may be in any mode and keep it.
 */
declare module "native:relay" {
  /**
   * Calls back once: "end", "detach" (the keys came), or the side that failed with its errno and what that means
   * ("write EPIPE broken pipe").
   * With an error target the input is stdcopy frames, whose stream 2 goes there and the others to `to`. Early
   * input is what was read from the source, a socket, before; at most 32 KiB.
   */
  export function start(
    from: number,
    to: number,
    onEnd: (reason: string) => void,
    errorTarget?: number,
    detachKeys?: Uint8Array,
    early?: Uint8Array,
  ): number;
  /** Without the callback. One that has ended is fine. */
  export function stop(relay: number): void;
  export function pause(relay: number, paused: boolean): void;
}

declare module "native:http" {
  /**
   * The head of a message in bytes[start, end): null while it is incomplete, else its length, its first line,
   * then names (in lower case) and values in turn. SyntaxError: malformed. RangeError: over 64 KiB.
   */
  export function parseHead(
    bytes: Uint8Array,
    start: number,
    end: number,
  ): [length: number, line: string, ...fields: string[]] | null;
}

declare module "native:text" {
  export function encode(text: string): Uint8Array;
  /** Invalid UTF-8 becomes U+FFFD. */
  export function decode(bytes: Uint8Array, start?: number, end?: number): string;
  export function byteLength(text: string): number;
  export function toHex(bytes: Uint8Array): string;
  /** Of a byte in bytes[start, end), or -1. */
  export function indexOf(bytes: Uint8Array, byte: number, start: number, end: number): number;
}
