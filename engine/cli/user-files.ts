/** Files that a user names, from where the user is. */
import { EngineError } from "../base/errors.ts";
import { isSysError } from "../sys/files.ts";
import type { CommandContext } from "./context.ts";

/** A path as the user means it. */
export function userPath({ session }: CommandContext, path: string): string {
  return path.startsWith("/") ? path : `${session.directory}/${path}`;
}

/** The kernel's words for what has failed, with the path as the user wrote it: "open x: permission denied". */
export function fileFault(error: unknown, path: string): unknown {
  if (!isSysError(error)) return error;
  const [reason = ""] = error.message.split(": ").slice(-1);
  return new EngineError("invalid", `${error.syscall} ${path}: ${reason}`, { cause: error });
}

/** Reads a file of text. Throws "invalid" where it can't. */
export function readUserFile(context: CommandContext, path: string): string {
  try {
    return context.sys.files.readText(userPath(context, path));
  } catch (error) {
    throw fileFault(error, path);
  }
}
