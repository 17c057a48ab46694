/** Paths as text, without a look at any file (Go's `path` package). */

/** The shortest path of the same meaning: no "." and no empty parts, ".." only in front. "" becomes ".". */
export function cleanPath(path: string): string {
  const absolute = path.startsWith("/");
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== ".." || (!absolute && (kept.length === 0 || kept.at(-1) === ".."))) kept.push(part);
    else kept.pop();
  }
  return absolute ? `/${kept.join("/")}` : kept.join("/") || ".";
}

/** Whether a path's last part is ".": it means what a directory holds, not the directory itself. */
export function meansContents(path: string): boolean {
  return /(^|\/)\.\/*$/.test(path);
}

/** A clean path that still ends in "/" or "/." where the one given does: they ask for a directory. */
export function directedPath(path: string): string {
  let clean = cleanPath(path);
  if (meansContents(path) && !meansContents(clean)) clean = clean.endsWith("/") ? `${clean}.` : `${clean}/.`;
  return path.endsWith("/") && !clean.endsWith("/") ? `${clean}/` : clean;
}

/** The last part of a path, slashes behind it aside; "." for an empty path. */
export function baseName(path: string): string {
  if (path === "") return ".";
  const trimmed = path.replace(/\/+$/, "");
  return trimmed === "" ? "/" : trimmed.slice(trimmed.lastIndexOf("/") + 1);
}

/** The path above a clean one. */
export function parentPath(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "." : path.slice(0, slash) || "/";
}

/** Whether a clean absolute path is another one or lies below it. */
export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`);
}

/** Whether a relative path stays below where it starts, whatever lies there (Go's `filepath.IsLocal`). */
export function isLocalPath(path: string): boolean {
  const clean = cleanPath(path);
  return path !== "" && !path.startsWith("/") && clean !== ".." && !clean.startsWith("../");
}
