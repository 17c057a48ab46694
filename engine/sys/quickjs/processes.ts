import * as fs from "native:fs";
import * as loop from "native:loop";
import * as process from "native:process";
import type { Disposable } from "../files.ts";
import type { ExitStatus, Processes, SpawnOptions } from "../processes.ts";

/** {@link Processes} on native:process and pidfds. */
export class NativeProcesses implements Processes {
  get pid(): number {
    return process.pid();
  }

  spawn(options: SpawnOptions, exited: (status: ExitStatus) => void): number {
    const pid = process.spawn(options);
    this.watchExit(pid, () => exited(process.wait(pid) ?? { code: 0, signal: 0 }));
    return pid;
  }

  kill(pid: number, signal: number): void {
    process.kill(pid, signal);
  }

  watchExit(pid: number, exited: () => void): Disposable {
    const fd = process.pidfdOpen(pid);
    let open = true;
    const dispose = (): void => {
      if (!open) return;
      open = false;
      loop.unwatch(watch);
      fs.close(fd);
    };
    const watch = loop.watch(fd, loop.EPOLLIN, () => {
      dispose();
      exited();
    });
    return { dispose };
  }

  onSignal(signal: number, callback: (signal: number) => void): void {
    loop.onSignal(signal, callback);
  }
}
