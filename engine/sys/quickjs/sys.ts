import * as loop from "native:loop";
import * as fs from "native:fs";
import * as process from "native:process";
import * as socket from "native:socket";
import type { Sys } from "../sys.ts";
import { NativeBytes } from "./bytes.ts";
import { NativeClock } from "./clock.ts";
import { NativeFiles } from "./files.ts";
import { NativeMounts, nativeMachine } from "./kernel.ts";
import { NativeProcesses } from "./processes.ts";
import { NativeRelays } from "./relays.ts";
import { NativeSockets } from "./sockets.ts";
import { NativeTerminals } from "./terminals.ts";

/** The real system, for `engine/main` to inject. */
export function nativeSys(): Sys {
  return {
    files: new NativeFiles(),
    mounts: new NativeMounts(),
    processes: new NativeProcesses(),
    sockets: new NativeSockets(),
    relays: new NativeRelays(),
    terminals: new NativeTerminals(),
    bytes: new NativeBytes(),
    clock: new NativeClock(),
    machine: nativeMachine,
  };
}

/** What only a program's entry point needs of its own process. */
export const program = {
  arguments: programArguments,
  environment: process.environment,
  workingDirectory: process.cwd,
  isRoot: (): boolean => process.uid() === 0,
  setName: process.setName,
  setOpenFileLimit: process.setOpenFileLimit,
  umask: process.umask,
  exit: loop.exit,
  onUnhandledRejection: loop.onUnhandledRejection,
  /** Blocking, for log lines and last words. */
  writeError(text: string): void {
    fs.write(2, text);
  },
  /** A second description of an open file, so that making it non-blocking stays unseen (open(2), /proc/self/fd). */
  reopen(fd: number, mode: "read" | "write"): number {
    return fs.reopen(fd, (mode === "read" ? fs.O_RDONLY : fs.O_WRONLY) | fs.O_NONBLOCK);
  },
  closeDescriptor: fs.close,
  /** null while nothing waits (unix(7), SCM_RIGHTS). */
  receiveWithFds: socket.receiveWithFds,
};
