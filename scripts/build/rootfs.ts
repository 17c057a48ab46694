import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { brotliDecompressSync } from "node:zlib";
import { type Header, extract } from "tar-stream";
import { GUEST_BINARIES } from "../lib/paths.ts";
import type { CpioEntry } from "./cpio.ts";

/** A file of the guest: its path without a leading slash. */
export interface GuestFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Native programs: their names in `images/dist/guest`, and where they lie in the guest. */
export type NativePrograms = Readonly<Record<string, string>>;

/** Without these no guest comes up. */
export const BASE_NATIVES: NativePrograms = {
  init: "usr/sbin/init",
  "bin/agent": "usr/lib/drydock/agent",
};

/** The native part of the engine. */
export const ENGINE_NATIVES: NativePrograms = {
  "bin/jsrun": "usr/lib/drydock/jsrun",
  "bin/shim": "usr/lib/drydock/shim",
  "bin/docker": "usr/bin/docker",
};

const USERLAND = "userland.tar.br";
const EXECUTABLE = 0o755;
const PERMISSIONS = 0o7777;

/** The root file system: Debian's userland, native programs, and `files` over them. */
export async function rootfs(natives: NativePrograms, files: readonly GuestFile[]): Promise<CpioEntry[]> {
  const userland = await readTar(brotliDecompressSync(await readFile(join(GUEST_BINARIES, USERLAND))));
  const programs = Object.entries(natives).map(async ([name, path]) => {
    return { path, bytes: await readFile(join(GUEST_BINARIES, name)) };
  });
  // The kernel opens the console for process 1 before anything is mounted.
  const console: CpioEntry = { kind: "character", path: "dev/console", mode: 0o600, major: 5, minor: 1 };
  return overlayFiles([...userland, console], [...(await Promise.all(programs)), ...files]);
}

/**
 * Adds executable files to a root or replaces its own, with the directories that they need: the kernel makes none
 * that the archive does not name before.
 */
export function overlayFiles(root: readonly CpioEntry[], files: readonly GuestFile[]): CpioEntry[] {
  const entries = new Map(root.map(entry => [entry.path, entry]));
  for (const { path, bytes } of files) {
    const names = path.split("/");
    for (let count = 1; count < names.length; count++) {
      const parent = names.slice(0, count).join("/");
      if (!entries.has(parent)) entries.set(parent, { kind: "directory", path: parent, mode: EXECUTABLE });
    }
    entries.set(path, { kind: "file", path, bytes, mode: EXECUTABLE });
  }
  return [...entries.values()];
}

/** The entries of a tar archive. Hard links become copies: our cpio has none. */
export async function readTar(archive: Uint8Array): Promise<CpioEntry[]> {
  const unpack = extract();
  unpack.end(archive);
  const entries: CpioEntry[] = [];
  const files = new Map<string, Uint8Array>();
  for await (const entry of unpack) {
    const { header } = entry;
    const path = header.name.replace(/^\.\//, "").replace(/\/$/, "");
    const body = await buffer(entry);
    const bytes = header.type === "link" ? files.get(linkTarget(header)) : body;
    if (bytes === undefined) throw new Error(`${path} links to ${linkTarget(header)}, which is not there`);
    files.set(path, bytes);
    if (path !== "" && path !== ".") entries.push(toCpio(header, path, bytes));
  }
  return entries;
}

function linkTarget(header: Header): string {
  return (header.linkname ?? "").replace(/^\.\//, "");
}

function toCpio(header: Header, path: string, bytes: Uint8Array): CpioEntry {
  const owner = {
    path,
    mode: (header.mode ?? 0o644) & PERMISSIONS,
    uid: header.uid ?? 0,
    gid: header.gid ?? 0,
  };
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- devices come from the kernel's devtmpfs
  switch (header.type) {
    case "directory":
      return { ...owner, kind: "directory" };
    case "symlink":
      return { ...owner, kind: "symlink", target: header.linkname ?? "" };
    case "file":
    case "contiguous-file":
    case "link":
      return { ...owner, kind: "file", bytes };
    default:
      throw new Error(`${path}: a ${header.type} has no place in the guest's root`);
  }
}
