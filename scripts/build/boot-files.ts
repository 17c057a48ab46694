import { join } from "node:path";
import type { BootFiles } from "../lib/guest.ts";
import { BUILD_CACHE, GUEST_BINARIES } from "../lib/paths.ts";

/** What the last build booted, and `npm run guest -- --boot` boots again. */
export function builtBootFiles(): BootFiles {
  return {
    bios: join(GUEST_BINARIES, "bios.bin"),
    vgaBios: join(GUEST_BINARIES, "vgabios.bin"),
    kernel: join(GUEST_BINARIES, "bzImage"),
    initrd: join(BUILD_CACHE, "initrd.cpio"),
  };
}
