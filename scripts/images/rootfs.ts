import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { brotliDecompressSync } from "node:zlib";
import { type Header, extract } from "tar-stream";
import { EngineError } from "../../engine/base/errors.ts";

/** One file of the guest's root. */
export type RootfsEntry = {
  /** Relative, without a slash at either end. */
  readonly path: string;
  /** The permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
} & (
  | { readonly kind: "directory" }
  | { readonly kind: "file"; readonly bytes: Uint8Array }
  | { readonly kind: "symlink"; readonly target: string }
);

/** The userland, below `images/dist`. */
const USERLAND = "guest/userland.tar.br";

/** The programs that are built one by one: where each lies below `images/dist`, and where it belongs in the guest. */
const programs: Readonly<Record<string, string>> = {
  "guest/init": "usr/sbin/init",
  "guest/bin/jsrun": "usr/lib/drydock/jsrun",
  "guest/bin/shim": "usr/lib/drydock/shim",
  "guest/bin/agent": "usr/lib/drydock/agent",
  "guest/bin/docker": "usr/bin/docker",
};

/**
 * The guest's root as far as `npm run images` has built it, parents before children. An initramfs of these entries and
 * the bundles boots with `rdinit=/sbin/init`: init moves it to a tmpfs of its own. Fails when a program is missing.
 */
export async function rootfsEntries(dist: string): Promise<RootfsEntry[]> {
  const entries = await readTar(brotliDecompressSync(await readFile(join(dist, USERLAND))));
  const folder = { path: "usr/lib/drydock", kind: "directory", mode: 0o755, uid: 0, gid: 0 } as const;
  const files = Object.entries(programs).map(async ([from, path]) => {
    const bytes = await readFile(join(dist, from));
    return { path, kind: "file", mode: 0o755, uid: 0, gid: 0, bytes } as const;
  });
  return [...entries, folder, ...(await Promise.all(files))];
}

async function readTar(tar: Buffer): Promise<RootfsEntry[]> {
  const entries: RootfsEntry[] = [];
  for await (const entry of Readable.from([tar]).pipe(extract())) {
    entries.push(entryOf(entry.header, await buffer(entry)));
  }
  return entries.filter(({ path }) => path !== "");
}

function entryOf({ name, type, mode, uid, gid, linkname }: Header, bytes: Buffer): RootfsEntry {
  const common = { path: name.replace(/^\.\//, "").replace(/\/$/, ""), mode: mode & 0o7777, uid, gid };
  if (type === "directory") return { ...common, kind: "directory" };
  if (type === "file") return { ...common, kind: "file", bytes };
  if (type === "symlink" && linkname) return { ...common, kind: "symlink", target: linkname };
  throw new EngineError("invalid", `${name}: the userland has no ${type ?? "unknown entry"}`);
}
