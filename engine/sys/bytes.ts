/** A digest that grows with its input. */
export interface Hasher {
  update(data: Uint8Array | string): void;
  /** 64 hexadecimal digits, of all so far. */
  hex(): string;
}

/** What an unpacked archive was. Digests are 64 hexadecimal digits, or empty where nobody wanted them. */
export interface Unpacked {
  /** Of what was written. */
  readonly digest: string;
  /** Of the tar inside, the same when it was not compressed. */
  readonly diffId: string;
  /** Of all regular files. */
  readonly size: number;
}

/** Unpacks an archive while it arrives. */
export interface Unpacker {
  write(data: Uint8Array): void;
  /** Throws where the archive is not complete. */
  end(): Unpacked;
}

/** Packs files while they are asked for. */
export interface Packer {
  /** Fills at most the buffer, which holds 16 KiB or more; 0 at the end. */
  read(buffer: Uint8Array): number;
}

/** How to unpack. */
export interface UnpackOptions {
  /** An image layer's whiteouts become overlayfs's. */
  readonly whiteouts: boolean;
  /** Whether to compute digests, which takes longer than all the rest; by default true. */
  readonly digests?: boolean;
  /** The path in the directory where the entries go; links still see the directory as "/". */
  readonly below?: string;
  /** Refuses to replace a directory by something else, and the reverse. */
  readonly keepKinds?: boolean;
  /** Who owns everything, whatever the archive says: a user, or whoever runs us. */
  readonly owner?: { readonly uid: number; readonly gid: number } | "us";
  /** What the names of entries start with, and what takes its place. */
  readonly rename?: { readonly from: string; readonly to: string };
}

/** gzip as a stream. */
export interface GzipStream {
  push(data: Uint8Array, last?: boolean): Uint8Array;
}

/** The loops over bytes that run in C. */
export interface Bytes {
  encode(text: string): Uint8Array;
  /** Invalid UTF-8 becomes U+FFFD. */
  decode(bytes: Uint8Array, start?: number, end?: number): string;
  byteLength(text: string): number;
  /** The index of a byte in bytes[start, end), or -1. */
  indexOf(bytes: Uint8Array, byte: number, start: number, end: number): number;
  /** So many random bytes as hexadecimal digits. */
  randomHex(length: number): string;
  /** 64 hexadecimal digits. */
  sha256(data: Uint8Array | string): string;
  createSha256(): Hasher;
  createGunzip(): GzipStream;
  createGzip(level?: number): GzipStream;
  /** Unpacks into a directory, and never outside it. */
  createUnpacker(directory: string, options: UnpackOptions): Unpacker;
  /**
   * Packs what is in a directory, or the one entry `name` of it ("." for itself) as `rename`. With `whiteouts`,
   * overlayfs's become a layer's.
   */
  createPacker(directory: string, options: { whiteouts: boolean; name?: string; rename?: string }): Packer;
  /** The head of an HTTP message: see {@link HttpHead}; null while incomplete. Throws where malformed. */
  parseHttpHead(bytes: Uint8Array, start: number, end: number): HttpHead | null;
}

/** Its length in bytes, its first line, then names in lower case and values in turn. */
export type HttpHead = readonly [length: number, line: string, ...fields: string[]];
