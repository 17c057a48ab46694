import * as compress from "native:compress";
import * as digest from "native:digest";
import * as http from "native:http";
import * as process from "native:process";
import * as tar from "native:tar";
import * as text from "native:text";
import type { Bytes, GzipStream, Hasher, HttpHead, Packer, Unpacker, UnpackOptions } from "../bytes.ts";

/** {@link Bytes} on the C modules. */
export class NativeBytes implements Bytes {
  encode(string: string): Uint8Array {
    return text.encode(string);
  }

  decode(bytes: Uint8Array, start?: number, end?: number): string {
    return text.decode(bytes, start, end);
  }

  byteLength(string: string): number {
    return text.byteLength(string);
  }

  indexOf(bytes: Uint8Array, byte: number, start: number, end: number): number {
    return text.indexOf(bytes, byte, start, end);
  }

  randomHex(length: number): string {
    return text.toHex(process.random(length));
  }

  sha256(data: Uint8Array | string): string {
    return digest.sha256(data);
  }

  createSha256(): Hasher {
    return digest.createSha256();
  }

  createGunzip(): GzipStream {
    return compress.createGunzip();
  }

  createGzip(level?: number): GzipStream {
    return compress.createGzip(level);
  }

  createUnpacker(directory: string, { owner, rename, ...options }: UnpackOptions): Unpacker {
    const ownership = owner === "us" ? { ours: true } : owner;
    return tar.createUnpacker(directory, { digests: true, ...options, ...ownership, ...rename });
  }

  createPacker(directory: string, options: { whiteouts: boolean; name?: string; rename?: string }): Packer {
    return tar.createPacker(directory, options.whiteouts, options.name, options.rename);
  }

  parseHttpHead(bytes: Uint8Array, start: number, end: number): HttpHead | null {
    return http.parseHead(bytes, start, end);
  }
}
