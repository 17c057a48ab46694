import * as fs from "native:fs";
import * as loop from "native:loop";
import * as process from "native:process";
import * as text from "native:text";
import * as tty from "native:tty";
import type { Disposable } from "../files.ts";
import { NativeConnection } from "./connection.ts";
import type { Coprocess, ExitStatus, Processes, SpawnOptions } from "../processes.ts";

/** All that comes out of a pipe, as text. */
async function readToEnd(fd: number): Promise<string> {
  const connection = new NativeConnection(fd);
  const pieces: string[] = [];
  const buffer = new Uint8Array(16 * 1024);
  for (let length = await connection.read(buffer); length > 0; length = await connection.read(buffer))
    pieces.push(text.decode(buffer, 0, length));
  connection.close();
  return pieces.join("");
}

function closeAll(fds: number[]): void {
  for (const fd of fds.splice(0)) fs.close(fd);
}

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

  async run(
    file: string,
    argv: readonly string[],
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const [out, outWrite] = fs.pipe(fs.O_NONBLOCK);
    const [err, errWrite] = fs.pipe(fs.O_NONBLOCK);
    const ends = [outWrite, errWrite];
    const outputs = Promise.all([readToEnd(out), readToEnd(err)]);
    try {
      const ended = new Promise<ExitStatus>(resolve => {
        this.spawn({ file, argv, fds: [-1, outWrite, errWrite] }, resolve);
      });
      closeAll(ends);
      const [[stdout, stderr], { code, signal }] = await Promise.all([outputs, ended]);
      return { code: signal ? 128 + signal : code, stdout, stderr };
    } catch (error) {
      closeAll(ends);
      throw error;
    }
  }

  startCoprocess(file: string, argv: readonly string[]): Coprocess {
    const [stdin, write] = fs.pipe();
    const [master, slave] = tty.openPty();
    try {
      tty.makeRaw(slave);
      const options = { file, argv, env: [], fds: [stdin, slave, slave], newSession: true };
      const pid = this.spawn(options, () => {}); // whoever talks to it sees its end
      const input = fs.reopen(write, fs.O_WRONLY | fs.O_NONBLOCK); // its own stdin must block
      return { pid, input: new NativeConnection(input), output: new NativeConnection(master) };
    } catch (error) {
      fs.close(master);
      throw error;
    } finally {
      closeAll([stdin, write, slave]);
    }
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
