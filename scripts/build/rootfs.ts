import { readFile, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { buffer } from "node:stream/consumers";
import { brotliDecompressSync } from "node:zlib";
import { type Header, extract } from "tar-stream";
import { GUEST_BINARIES, GUEST_FILES } from "../lib/paths.ts";
import type { CpioEntry } from "./cpio.ts";

/** A file of the guest: its path without a leading slash, and its mode where it is not a program. */
export interface GuestFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly mode?: number;
}

/** A symbolic link of the guest. */
export interface GuestLink {
  readonly path: string;
  readonly target: string;
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
  "bin/docker-proxy": "usr/bin/docker-proxy",
};

/** The services that come up with the guest: a link here is what `systemctl enable` makes. */
const ENABLED: readonly GuestLink[] = ["agent", "docker", "cli-host"].map(name => ({
  path: `etc/systemd/system/multi-user.target.wants/${name}.service`,
  target: "/etc/drydock/services",
}));

const USERLAND = "userland.tar.br";
const EXECUTABLE = 0o755;
const READABLE = 0o644;
const SECRET = 0o640;
const LINK = 0o777;
const PERMISSIONS = 0o7777;

/** Modes come from here, not from the disk: a checkout on another system has none. */
function modeOf(path: string): number {
  if (/^usr\/s?bin\//.test(path)) return EXECUTABLE;
  return path === "etc/shadow" ? SECRET : READABLE;
}

/** Our own files of the guest: configuration, services, scripts. */
async function ownFiles(): Promise<GuestFile[]> {
  const entries = await readdir(GUEST_FILES, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  return Promise.all(
    files.toSorted().map(async file => {
      const path = relative(GUEST_FILES, file).replaceAll("\\", "/");
      return { path, bytes: await readFile(file), mode: modeOf(path) };
    }),
  );
}

/** The root file system: the userland, our files over it, native programs, and `files` over them. */
export async function rootfs(natives: NativePrograms, files: readonly GuestFile[]): Promise<CpioEntry[]> {
  const userland = await readTar(brotliDecompressSync(await readFile(join(GUEST_BINARIES, USERLAND))));
  const programs = Object.entries(natives).map(async ([name, path]) => {
    return { path, bytes: await readFile(join(GUEST_BINARIES, name)) };
  });
  // The kernel opens the console for process 1 before anything is mounted.
  const console: CpioEntry = { kind: "character", path: "dev/console", mode: 0o600, major: 5, minor: 1 };
  return overlayFiles(
    [...userland, console],
    [...(await ownFiles()), ...ENABLED, ...(await Promise.all(programs)), ...files],
  );
}

/**
 * Adds files and links to a root or replaces its own, with the directories that they need: the kernel makes none
 * that the archive does not name before.
 */
export function overlayFiles(
  root: readonly CpioEntry[],
  files: readonly (GuestFile | GuestLink)[],
): CpioEntry[] {
  const entries = new Map(root.map(entry => [entry.path, entry]));
  for (const file of files) {
    const { path } = file;
    const names = path.split("/");
    for (let count = 1; count < names.length; count++) {
      const parent = names.slice(0, count).join("/");
      if (!entries.has(parent)) entries.set(parent, { kind: "directory", path: parent, mode: EXECUTABLE });
    }
    entries.set(path, entryOf(file));
  }
  return [...entries.values()];
}

function entryOf(file: GuestFile | GuestLink): CpioEntry {
  if ("target" in file) return { kind: "symlink", path: file.path, mode: LINK, target: file.target };
  const { path, bytes, mode = EXECUTABLE } = file;
  return { kind: "file", path, bytes, mode };
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
