import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** What `npm run images` builds on a Debian host, and the repository carries. */
export const GUEST_BINARIES = join(ROOT, "images", "dist", "guest");

/** Files of the guest that are ours as they are. */
export const GUEST_FILES = join(ROOT, "images", "guest", "files");

/** The registry's files, as `npm run images` makes them. */
export const HUB_FILES = join(ROOT, "images", "dist", "hub");

/** Lessons: content only. */
export const LESSONS = join(ROOT, "lessons");

/** The site: what any static host serves. */
export const DIST = join(ROOT, "dist");

/** What the page loads to start a machine; `index.json` describes it. */
export const MACHINE_DIST = join(DIST, "machine");

/** The registry's files, where the page finds them. */
export const HUB_DIST = join(DIST, "hub");

/** The lessons, where the page finds them. */
export const LESSONS_DIST = join(DIST, "lessons");

/** What the preview's origin serves at its root. */
export const PREVIEW_DIST = join(DIST, "preview");

/** Steps of the build that can be taken up again. */
export const BUILD_CACHE = join(ROOT, ".cache", "build");
