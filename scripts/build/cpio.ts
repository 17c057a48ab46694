/** What kind of thing an entry is, with what only that kind has. */
export type CpioNode =
  | { readonly kind: "directory" }
  | { readonly kind: "file"; readonly bytes: Uint8Array }
  | { readonly kind: "symlink"; readonly target: string }
  | { readonly kind: "character" | "block"; readonly major: number; readonly minor: number };

/** One entry of an archive. Owners are numbers; `mode` holds the permission bits only. */
export type CpioEntry = CpioNode & {
  /** Relative, without a leading slash. */
  readonly path: string;
  readonly mode: number;
  readonly uid?: number;
  readonly gid?: number;
};

const TYPE_BITS = {
  directory: 0o040000,
  file: 0o100000,
  symlink: 0o120000,
  character: 0o020000,
  block: 0o060000,
} as const;

const MAGIC = "070701";
const TRAILER = "TRAILER!!!";
const EMPTY = new Uint8Array(0);

/**
 * A cpio archive as the kernel unpacks it (format `newc`; see the kernel's
 * Documentation/driver-api/early-userspace/buffer-format.rst). Times are 0: the same entries give the same bytes.
 */
export function writeCpio(entries: Iterable<CpioEntry>): Uint8Array {
  const parts: Uint8Array[] = [];
  let inode = 0;
  for (const entry of entries) parts.push(...writeEntry(entry, ++inode));
  parts.push(...writeEntry({ kind: "file", path: TRAILER, mode: 0, bytes: EMPTY }, 0));
  return Buffer.concat(parts);
}

function writeEntry(entry: CpioEntry, inode: number): Uint8Array[] {
  const name = Buffer.from(`${entry.path}\0`);
  const body = bodyOf(entry);
  const isDevice = entry.kind === "character" || entry.kind === "block";
  const mode = entry.path === TRAILER ? 0 : TYPE_BITS[entry.kind] | entry.mode;
  const fields = [
    inode,
    mode,
    entry.uid ?? 0,
    entry.gid ?? 0,
    1, // links
    0, // time
    body.length,
    0, // the archive's device
    0,
    isDevice ? entry.major : 0,
    isDevice ? entry.minor : 0,
    name.length,
    0, // no checksum
  ];
  const header = Buffer.from(MAGIC + fields.map(field => field.toString(16).padStart(8, "0")).join(""));
  return [header, name, padding(header.length + name.length), body, padding(body.length)];
}

function bodyOf(entry: CpioEntry): Uint8Array {
  if (entry.kind === "file") return entry.bytes;
  return entry.kind === "symlink" ? Buffer.from(entry.target) : EMPTY;
}

/** Names and bodies end at multiples of four. */
function padding(length: number): Uint8Array {
  return new Uint8Array((4 - (length % 4)) % 4);
}
