import type { Session } from "../cli/session.ts";
import { DescriptorStdio, type StdioSystem } from "./stdio.ts";
import type { Bytes } from "../sys/bytes.ts";
import type { Disposable } from "../sys/files.ts";
import type { Connection } from "../sys/streams.ts";

/** What a launcher sends first (engine/native/launcher/docker.c). */
export interface LauncherMessage {
  readonly directory: string;
  readonly words: readonly string[];
  /** NAME=VALUE, each with a NUL before it. */
  readonly environment: string;
  /** stdin, stdout, stderr. */
  readonly fds: readonly number[];
}

const LINE_BUFFER = 512;

function registered<T>(listeners: Set<T>, listener: T): Disposable {
  listeners.add(listener);
  return { dispose: () => listeners.delete(listener) };
}

/** {@link Session} of a command that came from a launcher, which stays until it ends. */
export class LauncherSession implements Session {
  readonly words: readonly string[];
  readonly directory: string;
  readonly stdin: DescriptorStdio;
  readonly stdout: DescriptorStdio;
  readonly stderr: DescriptorStdio;
  readonly #control: Connection;
  readonly #bytes: Bytes;
  readonly #environment: string;
  readonly #resizeListeners = new Set<() => void>();
  readonly #pauseListeners = new Set<(paused: boolean) => void>();
  #onSignal: (signal: number) => void = () => {};
  #onHangUp: () => void = () => {};
  #onReady: () => void = () => {};
  #isClosed = false;

  constructor(control: Connection, message: LauncherMessage, sys: StdioSystem & { bytes: Bytes }) {
    const [stdin = -1, stdout = -1, stderr = -1] = message.fds;
    this.words = message.words;
    this.directory = message.directory;
    this.stdin = new DescriptorStdio(stdin, "read", sys);
    this.stdout = new DescriptorStdio(stdout, "write", sys);
    this.stderr = new DescriptorStdio(stderr, "write", sys);
    this.#control = control;
    this.#bytes = sys.bytes;
    this.#environment = message.environment;
  }

  env(name: string): string | undefined {
    const environment = this.#environment;
    const at = environment.indexOf(`\0${name}=`);
    if (at < 0) return undefined;
    const start = at + name.length + 2;
    const end = environment.indexOf("\0", start);
    return environment.slice(start, end < 0 ? undefined : end);
  }

  environment(): readonly string[] {
    return this.#environment.split("\0").slice(1);
  }

  onSignal(listener: (signal: number) => void): void {
    this.#onSignal = listener;
  }

  onHangUp(listener: () => void): void {
    this.#onHangUp = listener;
  }

  onResize(listener: () => void): Disposable {
    return registered(this.#resizeListeners, listener);
  }

  onPause(listener: (paused: boolean) => void): Disposable {
    return registered(this.#pauseListeners, listener);
  }

  catchAllSignals(): void {
    this.#tell("proxy");
  }

  takeTerminal(raw: boolean): Promise<void> {
    return new Promise(resolve => {
      this.#onReady = resolve;
      this.#tell(raw ? "raw" : "input");
    });
  }

  releaseTerminal(): void {
    this.#tell("cooked");
  }

  /** Reads what the launcher says, until it has gone or the session is over. */
  async listen(): Promise<void> {
    const buffer = new Uint8Array(LINE_BUFFER);
    let rest = "";
    try {
      for (;;) {
        const length = await this.#control.read(buffer);
        if (length === 0) break;
        const lines = (rest + this.#bytes.decode(buffer, 0, length)).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) this.#obey(line);
      }
    } catch {
      // A launcher that was killed in the middle of something has gone, too.
    }
    if (!this.#isClosed) this.#onHangUp();
    this.#closeStdio();
  }

  /** Tells the launcher how the command has ended, and lets go of everything. */
  async end(status: number): Promise<void> {
    if (!this.#isClosed) await this.#control.write(`exit ${status}\n`).catch(() => {});
    this.#closeStdio();
    this.#control.close();
  }

  #closeStdio(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const stdio of [this.stdin, this.stdout, this.stderr]) stdio.close();
  }

  #obey(line: string): void {
    const [verb, argument] = line.split(" ");
    if (verb === "signal") this.#onSignal(Number(argument));
    else if (verb === "resize") for (const listener of this.#resizeListeners) listener();
    else if (verb === "ready") this.#onReady();
    else if (verb === "stop") {
      this.#pause(true);
      this.#tell("stopped");
    } else if (verb === "continue") this.#pause(false);
  }

  #pause(paused: boolean): void {
    for (const listener of this.#pauseListeners) listener(paused);
  }

  #tell(line: string): void {
    if (!this.#isClosed) this.#control.write(`${line}\n`).catch(() => {}); // listen() notices that it has gone
  }
}
