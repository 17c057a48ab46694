import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readFile, readdir, readlink } from "node:fs/promises";
import { basename, join, posix } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { type Header, extract, pack } from "tar-stream";
import { EngineError } from "../../engine/base/errors.ts";

/** One file of a layer; its path has no slash at either end. */
interface LayerEntry {
  readonly path: string;
  readonly type: "file" | "directory" | "symlink" | "link";
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly linkname?: string;
  readonly bytes?: Buffer;
}

/** A layer as a registry stores it. */
export interface Layer {
  readonly gzip: Buffer;
  /** The digest of the uncompressed tar, which an image's config names. */
  readonly diffId: string;
}

/**
 * The layer that `ADD` or `COPY` of files of a context makes. With `unpack`, a source ending in .tar is unpacked at
 * the target, keeping modes and owners, as ADD does; everything else becomes root's. The same files give the same
 * bytes: entries are sorted, every time is `created`.
 */
export async function makeLayer(
  context: string,
  sources: readonly string[],
  target: string,
  options: { readonly unpack: boolean; readonly created: Date },
): Promise<Layer> {
  const entries = new Map<string, LayerEntry>();
  for (const source of sources) {
    for (const entry of await entriesOf(context, source, target, sources.length > 1, options.unpack)) {
      if (entry.path !== "") entries.set(entry.path, entry);
    }
  }
  for (const path of Array.from(entries.keys())) addParents(entries, path);
  const tar = await writeTar([...entries.values()].toSorted(inOrder), options.created);
  return {
    gzip: gzipSync(tar, { level: 9 }),
    diffId: `sha256:${createHash("sha256").update(tar).digest("hex")}`,
  };
}

async function entriesOf(
  context: string,
  source: string,
  target: string,
  several: boolean,
  unpack: boolean,
): Promise<LayerEntry[]> {
  const path = join(context, source);
  const status = await lstat(path).catch(() => undefined);
  if (!status) throw new EngineError("not-found", `${source} is not in the build context ${context}`);
  if (unpack && source.endsWith(".tar")) return readTar(path, clean(target));
  if (status.isDirectory()) return readTree(path, clean(target));
  const isFolder = target.endsWith("/") || several;
  return readTree(path, isFolder ? clean(posix.join(target, basename(source))) : clean(target));
}

/** By path; hard links last, since what they name must be there before them. */
function inOrder(a: LayerEntry, b: LayerEntry): number {
  if ((a.type === "link") !== (b.type === "link")) return a.type === "link" ? 1 : -1;
  return a.path < b.path ? -1 : 1;
}

/** A path inside a layer: relative and without dots. */
function clean(path: string): string {
  return posix.join("/", path).replace(/\/$/, "").slice(1);
}

async function readTree(path: string, at: string): Promise<LayerEntry[]> {
  const status = await lstat(path);
  const common = { path: at, mode: status.mode & 0o7777, uid: 0, gid: 0 };
  if (status.isSymbolicLink()) return [{ ...common, type: "symlink", linkname: await readlink(path) }];
  if (status.isFile()) return [{ ...common, type: "file", bytes: await readFile(path) }];
  if (!status.isDirectory()) throw new EngineError("invalid", `${path} is no file, folder or link`);
  const names = await readdir(path);
  const below = await Promise.all(names.map(name => readTree(join(path, name), clean(posix.join(at, name)))));
  return [{ ...common, type: "directory" }, ...below.flat()];
}

async function readTar(path: string, at: string): Promise<LayerEntry[]> {
  const entries: LayerEntry[] = [];
  for await (const entry of createReadStream(path).pipe(extract())) {
    entries.push(layerEntry(entry.header, at, await buffer(entry)));
  }
  return entries;
}

function layerEntry(header: Header, at: string, bytes: Buffer): LayerEntry {
  const { name, type, mode, uid, gid, linkname } = header;
  if (type !== "file" && type !== "directory" && type !== "symlink" && type !== "link") {
    throw new EngineError("invalid", `${name}: a layer of ours has no ${type ?? "unknown entry"}`);
  }
  const common = { path: clean(posix.join(at, name)), type, mode, uid, gid };
  if (type === "file") return { ...common, bytes };
  return linkname
    ? { ...common, linkname: type === "link" ? clean(posix.join(at, linkname)) : linkname }
    : common;
}

/** Folders that no source has named but that lie on the way. */
function addParents(entries: Map<string, LayerEntry>, path: string): void {
  for (let parent = posix.dirname(path); parent !== "."; parent = posix.dirname(parent)) {
    if (entries.has(parent)) return;
    entries.set(parent, { path: parent, type: "directory", mode: 0o755, uid: 0, gid: 0 });
  }
}

async function writeTar(entries: readonly LayerEntry[], mtime: Date): Promise<Buffer> {
  const archive = pack();
  for (const { path, type, mode, uid, gid, linkname, bytes } of entries) {
    const header = { name: type === "directory" ? `${path}/` : path, type, mode, uid, gid, mtime };
    archive.entry({ ...header, ...(linkname === undefined ? {} : { linkname }) }, bytes ?? Buffer.alloc(0));
  }
  archive.finalize();
  return buffer(archive);
}
