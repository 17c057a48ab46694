/** Where the archive of one file or directory is to be unpacked, so that it arrives as cp(1) would have it. */
import { EngineError } from "../../base/errors.ts";
import { baseName, cleanPath, meansContents, parentPath } from "../../base/paths.ts";

/** What is copied. A path that ends in "/." means what a directory holds. */
export interface CopySource {
  readonly path: string;
  readonly isDirectory: boolean;
  /** What its entry is called in the archive. */
  readonly name: string;
}

/** What is at the place where it goes. */
export interface CopyTarget {
  readonly path: string;
  readonly kind: "absent" | "directory" | "other";
}

export interface CopyPlan {
  /** Where to unpack. */
  readonly directory: string;
  /** What the archive's entry is to be called there. */
  readonly name: string;
}

/** The directory that holds what a path means, and its name there: "." for what a directory holds. */
export function splitEntry(path: string): { directory: string; name: string } {
  const clean = cleanPath(path);
  return meansContents(path)
    ? { directory: clean, name: "." }
    : { directory: parentPath(clean), name: baseName(clean) };
}

/** Throws "invalid" in Docker's words where the one can't take the place of the other. */
export function planCopy(source: CopySource, target: CopyTarget): CopyPlan {
  if (target.kind === "directory") return { directory: target.path, name: source.name };
  if (target.kind === "other" && source.isDirectory)
    throw new EngineError("invalid", "cannot copy directory");
  const asksForDirectory = target.path.endsWith("/") || meansContents(target.path);
  if (target.kind === "absent" && !source.isDirectory && asksForDirectory)
    throw new EngineError("invalid", "no such directory");
  return splitEntry(target.path);
}
