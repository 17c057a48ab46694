import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import type {
  Bytes,
  GzipStream,
  Hasher,
  HttpHead,
  Packer,
  Unpacked,
  UnpackOptions,
  Unpacker,
} from "../bytes.ts";
import type { FakeFiles } from "./files.ts";
import { parseHttpHead } from "./http-head.ts";
import { readTar, type TarEntry, writeTar } from "./tar.ts";

function hexOf(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex");
}

/** A stream that gathers all of its input and gives its result at the end. */
function gathered(convert: (whole: Uint8Array) => Uint8Array): GzipStream {
  const pieces: Uint8Array[] = [];
  return {
    push(data, last = false) {
      pieces.push(data.slice());
      return last ? Uint8Array.from(convert(Buffer.concat(pieces))) : new Uint8Array();
    },
  };
}

/** {@link Bytes} on Node's libraries. Random digits are the same in every run; archives hold files, directories and links. */
export class FakeBytes implements Bytes {
  readonly #files: FakeFiles;
  #draws = 0;

  /** `files` is where archives are unpacked. */
  constructor(files: FakeFiles) {
    this.#files = files;
  }

  /** For another process: archives go there, and random digits that were drawn do not come again. */
  on(files: FakeFiles): FakeBytes {
    const bytes = new FakeBytes(files);
    bytes.#draws = this.#draws;
    return bytes;
  }

  encode(text: string): Uint8Array {
    return new TextEncoder().encode(text);
  }

  decode(bytes: Uint8Array, start?: number, end?: number): string {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(start, end));
  }

  byteLength(text: string): number {
    return Buffer.byteLength(text);
  }

  indexOf(bytes: Uint8Array, byte: number, start: number, end: number): number {
    const index = bytes.subarray(start, end).indexOf(byte);
    return index < 0 ? -1 : start + index;
  }

  randomHex(length: number): string {
    return hexOf(`draw ${++this.#draws}`).slice(0, 2 * length);
  }

  sha256(data: Uint8Array | string): string {
    return hexOf(data);
  }

  createSha256(): Hasher {
    const hash = createHash("sha256");
    return { update: data => void hash.update(data), hex: () => hash.copy().digest("hex") };
  }

  createGunzip(): GzipStream {
    return gathered(whole => gunzipSync(whole));
  }

  createGzip(level?: number): GzipStream {
    return gathered(whole => gzipSync(whole, level === undefined ? {} : { level }));
  }

  /** Whiteouts are names like any other here. */
  createUnpacker(directory: string, options: Pick<UnpackOptions, "owner" | "rename"> = {}): Unpacker {
    const pieces: Uint8Array[] = [];
    return {
      write: data => void pieces.push(data.slice()),
      end: () => this.#unpack(directory, Buffer.concat(pieces), options),
    };
  }

  createPacker(directory: string, options?: { name?: string; rename?: string }): Packer {
    const { name, rename = name ?? "" } = options ?? {};
    const entries =
      name === undefined ? this.#entriesOf(directory, "") : this.#entry(`${directory}/${name}`, rename);
    const archive = writeTar(entries);
    let at = 0;
    return {
      read: buffer => {
        const piece = archive.subarray(at, at + buffer.length);
        buffer.set(piece);
        at += piece.length;
        return piece.length;
      },
    };
  }

  parseHttpHead(bytes: Uint8Array, start: number, end: number): HttpHead | null {
    return parseHttpHead(bytes, start, end);
  }

  #unpack(directory: string, input: Uint8Array, options: Pick<UnpackOptions, "owner" | "rename">): Unpacked {
    const isCompressed = input[0] === 0x1f && input[1] === 0x8b;
    const archive = isCompressed ? gunzipSync(input) : input;
    const { owner, rename } = options;
    let size = 0;
    for (const { path, kind, mode, content, target } of readTar(archive)) {
      const { from = "", to = "" } = rename ?? {};
      const place = `${directory}/${path.startsWith(from) ? to + path.slice(from.length) : path}`;
      this.#files.makeDirectories(place.slice(0, place.lastIndexOf("/")));
      if (kind === "directory") this.#files.makeDirectories(place, mode);
      else if (kind === "symlink") this.#files.symlink(target, place);
      else this.#files.writeAtomic(place, content, mode);
      if (owner && owner !== "us") this.#files.chown(place, owner.uid, owner.gid);
      size += content.length;
    }
    return { digest: hexOf(input), diffId: hexOf(archive), size };
  }

  #entriesOf(directory: string, prefix: string): TarEntry[] {
    return this.#files.list(directory).flatMap(name => this.#entry(`${directory}/${name}`, prefix + name));
  }

  #entry(place: string, path: string): TarEntry[] {
    const { kind = "file", mode = 0 } = this.#files.stat(place) ?? {};
    const content = kind === "file" ? this.#files.readBytes(place) : new Uint8Array();
    const target = kind === "symlink" ? this.#files.readLink(place) : "";
    const below = kind === "directory" ? this.#entriesOf(place, path === "" ? "" : `${path}/`) : [];
    return [...(path === "" ? [] : [{ path, kind, mode, content, target }]), ...below];
  }
}
