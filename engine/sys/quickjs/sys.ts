import * as loop from "native:loop";
import * as fs from "native:fs";
import * as process from "native:process";
import * as socket from "native:socket";
import type { OwnProcess } from "../program.ts";
import type { Sys } from "../sys.ts";
import { NativeBytes } from "./bytes.ts";
import { NativeClock } from "./clock.ts";
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
  reopen: (fd, mode) => fs.reopen(fd, (mode === "read" ? fs.O_RDONLY : fs.O_WRONLY) | fs.O_NONBLOCK),
  closeDescriptor: fs.close,
  receiveWithFds: socket.receiveWithFds,
};
