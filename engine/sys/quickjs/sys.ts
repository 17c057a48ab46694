import * as loop from "native:loop";
import * as fs from "native:fs";
import * as process from "native:process";
import * as socket from "native:socket";
import { isSysError } from "../files.ts";
import type { OwnProcess } from "../program.ts";
import type { Connection } from "../streams.ts";
import type { Sys } from "../sys.ts";
import { NativeBytes } from "./bytes.ts";
import { NativeClock } from "./clock.ts";
import { NativeConnection, sharedSocketTransfer } from "./connection.ts";
import { NativeFiles } from "./files.ts";
import { NativeMounts, nativeMachine } from "./kernel.ts";
import { NativeNetworks } from "./network.ts";
import { NativeProcesses } from "./processes.ts";
import { NativeRelays } from "./relays.ts";
import { NativeSockets } from "./sockets.ts";
import { NativeTerminals } from "./terminals.ts";
import { NativeTrees } from "./trees.ts";
import { NativeViews } from "./views.ts";

/** The real system, for `engine/main` to inject. */
export function nativeSys(): Sys {
  return {
    files: new NativeFiles(),
    trees: new NativeTrees(),
    views: new NativeViews(),
    mounts: new NativeMounts(),
    networks: new NativeNetworks(),
    processes: new NativeProcesses(),
    sockets: new NativeSockets(),
    relays: new NativeRelays(),
    terminals: new NativeTerminals(),
    bytes: new NativeBytes(),
    clock: new NativeClock(),
    machine: nativeMachine,
  };
}

/** {@link OwnProcess.openShared} */
function openShared(fd: number, mode: "read" | "write"): Connection {
  const kind = fs.stat(`/proc/self/fd/${fd}`, true)?.kind;
  if (kind === "socket") return new NativeConnection(fd, sharedSocketTransfer);
  if (kind !== "char-device" && kind !== "fifo") return new NativeConnection(fd);
  try {
    return new NativeConnection(fs.reopen(fd, (mode === "read" ? fs.O_RDONLY : fs.O_WRONLY) | fs.O_NONBLOCK));
  } catch (error) {
    // A pipe that nobody reads (ENXIO) fails every write at once. A terminal of another user (EACCES) may make
    // us wait, which is then his own process.
    if (!isSysError(error)) throw error;
    return new NativeConnection(fd);
  }
}

/** {@link OwnProcess.receiveWithFds} */
function receiveWithFds({ fd }: Connection, buffer: Uint8Array): Promise<{ length: number; fds: number[] }> {
  const waiting = socket.receiveWithFds(fd, buffer);
  if (waiting) return Promise.resolve(waiting);
  return new Promise((resolve, reject) => {
    const watch = loop.watch(fd, loop.EPOLLIN, () => {
      try {
        const received = socket.receiveWithFds(fd, buffer);
        if (!received) return;
        loop.unwatch(watch);
        resolve(received);
      } catch (error) {
        loop.unwatch(watch);
        reject(error);
      }
    });
  });
}

/** {@link OwnProcess} of the program that runs us. */
export const program: OwnProcess = {
  arguments: programArguments,
  environment: process.environment,
  workingDirectory: process.cwd,
  isRoot: () => process.uid() === 0,
  setName: process.setName,
  setOpenFileLimit: process.setOpenFileLimit,
  umask: process.umask,
  exit: loop.exit,
  onUnhandledRejection: loop.onUnhandledRejection,
  writeError: text => {
    fs.write(2, text);
  },
  openShared,
  closeDescriptor: fs.close,
  receiveWithFds,
};
