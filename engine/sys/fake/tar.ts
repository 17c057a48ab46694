import type { FileKind } from "../files.ts";

const BLOCK = 512;

const KINDS: Readonly<Record<string, FileKind>> = {
  "0": "file",
  "2": "symlink",
  "3": "char-device",
  "4": "block-device",
  "5": "directory",
  "6": "fifo",
};

/** One entry of an archive. */
export interface TarEntry {
  readonly path: string;
  readonly kind: FileKind;
  readonly mode: number;
  readonly content: Uint8Array;
  /** Of a symbolic link. */
  readonly target: string;
}

function textAt(block: Uint8Array, offset: number, length: number): string {
  return (new TextDecoder().decode(block.subarray(offset, offset + length)).split("\0")[0] ?? "").trim();
}

/** The entries of a ustar archive with short names. Throws on one that is cut off or is none. */
export function readTar(archive: Uint8Array): TarEntry[] {
  const entries: TarEntry[] = [];
  let at = 0;
  for (; at + BLOCK <= archive.length; ) {
    const block = archive.subarray(at, at + BLOCK);
    if (block.every(byte => byte === 0)) return entries;
    if (textAt(block, 257, 5) !== "ustar") throw new TypeError("invalid tar header");
    const size = Number.parseInt(textAt(block, 124, 12), 8);
    const content = archive.slice(at + BLOCK, at + BLOCK + size);
    if (content.length < size) throw new TypeError("unexpected EOF");
    entries.push({
      path: textAt(block, 0, 100).replace(/\/$/, ""),
      kind: KINDS[textAt(block, 156, 1) || "0"] ?? "file",
      mode: Number.parseInt(textAt(block, 100, 8), 8),
      content,
      target: textAt(block, 157, 100),
    });
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  if (at < archive.length) throw new TypeError("unexpected EOF");
  return entries;
}

function octal(value: number, length: number): string {
  return `${value.toString(8).padStart(length - 1, "0")}\0`;
}

function header(entry: TarEntry): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (offset: number, text: string): void => block.set(new TextEncoder().encode(text), offset);
  const type = Object.entries(KINDS).find(([, kind]) => kind === entry.kind)?.[0] ?? "0";
  put(0, entry.path);
  put(100, octal(entry.mode, 8));
  put(108, octal(0, 8));
  put(116, octal(0, 8));
  put(124, octal(entry.content.length, 12));
  put(136, octal(0, 12));
  put(148, " ".repeat(8));
  put(156, type);
  put(157, entry.target);
  put(257, "ustar\x0000");
  put(
    148,
    octal(
      block.reduce((sum, byte) => sum + byte, 0),
      7,
    ),
  );
  return block;
}

/** An archive of these entries. */
export function writeTar(entries: readonly TarEntry[]): Uint8Array {
  const pieces = entries.flatMap(entry => {
    const padding = new Uint8Array((BLOCK - (entry.content.length % BLOCK)) % BLOCK);
    return [header(entry), entry.content, padding];
  });
  return Uint8Array.from(Buffer.concat([...pieces, new Uint8Array(2 * BLOCK)]));
}

/** An archive of plain files, by path; a path that ends in "/" is a directory. */
export function tarOf(files: Readonly<Record<string, string>>): Uint8Array {
  return writeTar(
    Object.entries(files).map(([path, text]) => {
      const isDirectory = path.endsWith("/");
      const content = new TextEncoder().encode(text);
      return {
        path,
        kind: isDirectory ? "directory" : "file",
        mode: isDirectory ? 0o755 : 0o644,
        content,
        target: "",
      };
    }),
  );
}
