import { constants } from "node:os";
import type { SysError } from "../files.ts";

/** What the kernel's errors are called in Go's words, as far as fakes fail with them. */
const TEXTS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EADDRINUSE: "address already in use",
  EAGAIN: "resource temporarily unavailable",
  EBUSY: "device or resource busy",
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset by peer",
  EEXIST: "file exists",
  EINVAL: "invalid argument",
  EIO: "input/output error",
  EISDIR: "is a directory",
  ELOOP: "too many levels of symbolic links",
  ENODEV: "no such device",
  ENOENT: "no such file or directory",
  ENOSPC: "no space left on device",
  ENOTDIR: "not a directory",
  ENOTEMPTY: "directory not empty",
  EPIPE: "broken pipe",
  ESRCH: "no such process",
};

/** An errno that a fake can fail with. */
export type ErrorCode = keyof typeof constants.errno;

/** What a failed call throws, in the form of the real one's: "open /x: no such file or directory". */
export function sysError(code: ErrorCode, syscall: string, subject?: string): SysError {
  const text = TEXTS[code] ?? code;
  const message = subject === undefined ? `${syscall}: ${text}` : `${syscall} ${subject}: ${text}`;
  return Object.assign(new Error(message), { code, errno: constants.errno[code], syscall });
}
