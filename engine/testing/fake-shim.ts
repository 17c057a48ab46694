import { FakeFiles } from "../sys/fake/files.ts";
import type { FakeChild } from "../sys/fake/processes.ts";
import type { FakeSys } from "../sys/fake/sys.ts";
import type { Connection, Listener } from "../sys/streams.ts";

const STATUS_FD = 3;
const SIGKILL = 9;

/** A record of the program that a shim was given: its name, then its words. */
export type DecodedRecord = readonly [name: string, ...words: string[]];

/** A client that was joined to a shim's streams. */
export interface JoinedClient {
  /** The words of the request, without "attach". */
  readonly words: readonly string[];
  readonly connection: Connection;
  /** Ends it, as "detached" or "closed". */
  end(how: string): Promise<void>;
}

function decode(text: string): DecodedRecord[] {
  const words = text.split("\0");
  const records: DecodedRecord[] = [];
  for (let at = 0; at + 1 < words.length; ) {
    const count = Number(words[at]);
    const [name = "", ...rest] = words.slice(at + 1, at + 1 + count);
    records.push([name, ...rest]);
    at += 1 + count;
  }
  return records;
}

/** Plays drydock-shim (engine/native/shim): a test says how the process in it fares. */
export class FakeShim {
  readonly child: FakeChild;
  /** Its state directory. */
  readonly directory: string;
  /** What it was told for itself. */
  readonly settings: readonly DecodedRecord[];
  /** What its process does on its way. */
  readonly steps: readonly DecodedRecord[];
  /** Of its process; 0 until it has started. */
  pid = 0;
  readonly clients: JoinedClient[] = [];
  /** Terminal sizes that were asked for. */
  readonly resizes: string[] = [];
  readonly #sys: FakeSys;
  readonly #files: FakeFiles;
  readonly #watchers: Connection[];
  #listener: Listener | null = null;

  constructor(sys: FakeSys, child: FakeChild) {
    const [, directory = ""] = child.options.argv;
    this.child = child;
    this.directory = directory;
    this.#sys = sys;
    this.#files = new FakeFiles(sys.files.tree);
    this.#watchers = [sys.sockets.adopt(child.fds[STATUS_FD] ?? -1)];
    const records = decode(this.#files.readText(`${directory}/program`));
    const boundary = records.findIndex(([name]) => name === "steps");
    this.settings = records.slice(0, boundary);
    this.steps = records.slice(boundary + 1);
    this.#listener = sys.sockets.listenUnix(`${directory}/sock`, 0o600, client => void this.#serve(client));
    for (const [name, fd, , ...words] of this.settings)
      if (name === "client") this.#join(words, sys.sockets.adopt(child.fds[Number(fd)] ?? -1), null);
  }

  /** The words of a setting; undefined where it was not given. */
  setting(name: string): readonly string[] | undefined {
    return this.settings.find(record => record[0] === name)?.slice(1);
  }

  /** Its process has become the user's program. */
  start(): void {
    this.pid = this.#sys.processes.fork();
    const [cgroup] = this.setting("cgroup") ?? [];
    if (cgroup) this.#files.write(`${cgroup}/cgroup.procs`, `${this.pid}\n`);
    this.#announce(`started ${this.pid}`);
  }

  /** A step has failed; the shim ends. */
  fail(index: number, errno: number, detail = ""): void {
    const [name] = this.steps[index] ?? ["end"];
    this.#announce(`failed ${index} ${name} ${errno} ${detail}`.trimEnd());
    this.#end();
  }

  /** Its process ends, and so does the shim. */
  exit(code: number, signal = 0): void {
    const time = `${this.#sys.clock.now()}000000`;
    this.#files.writeAtomic(`${this.directory}/exit`, `${code} ${signal} ${time}`);
    this.#endProcess();
    this.#announce(`exited ${code} ${signal} ${time}`);
    this.#end();
  }

  /** The shim is killed before it can tell anybody; its process dies too, if `withProcess`. */
  die(withProcess = true): void {
    if (withProcess) this.#endProcess();
    this.#end();
  }

  #endProcess(): void {
    const [cgroup] = this.setting("cgroup") ?? [];
    const procs = `${cgroup}/cgroup.procs`;
    if (cgroup && this.#files.exists(procs)) this.#files.write(procs, "");
    this.#sys.processes.end(this.pid);
  }

  #announce(line: string): void {
    for (const watcher of this.#watchers) watcher.write(`${line}\n`).catch(() => {}); // the daemon may be gone
  }

  #end(): void {
    for (const { connection } of this.clients) connection.close();
    for (const watcher of this.#watchers) watcher.close();
    this.#sys.sockets.abandon(`${this.directory}/sock`);
    this.#listener = null;
    this.child.exit({ code: 0, signal: 0 });
  }

  #join(words: readonly string[], connection: Connection, control: Connection | null): void {
    const end = async (how: string): Promise<void> => {
      connection.close();
      await control?.write(`${how}\n`);
      control?.close();
    };
    this.clients.push({ words, connection, end });
  }

  async #serve(control: Connection): Promise<void> {
    const buffer = new Uint8Array(8192);
    const length = await control.read(buffer);
    const [verb = "", ...words] = new TextDecoder().decode(buffer.subarray(0, length)).trim().split(" ");
    if (this.#listener === null) return;
    if (verb === "watch") {
      this.#watchers.push(control);
      if (this.pid > 0) await control.write(`started ${this.pid}\n`);
    } else if (verb === "resize") {
      this.resizes.push(words.join(" "));
      await control.write("ok\n");
      control.close();
    } else if (verb === "attach") {
      const [fd = -1] = this.#sys.sockets.received(control);
      this.#join(words, this.#sys.sockets.adopt(fd), control);
    }
  }
}

/** The shims on a fake machine. */
export class FakeShims {
  /** All that were started, the latest last. */
  readonly all: FakeShim[] = [];
  /** What happens to a shim that was started: by default its process runs. */
  onStart: (shim: FakeShim) => void = shim => shim.start();
  /** What a signal does to a process: by default it ends it. */
  onSignal: (shim: FakeShim, signal: number) => void = (shim, signal) => shim.exit(128 + signal, signal);

  constructor(sys: FakeSys) {
    const byPid = (pid: number): FakeShim | undefined => this.all.find(shim => shim.pid === pid);
    const { onSpawn, onKill } = sys.processes;
    sys.processes.onSpawn = child => {
      if (child.options.argv[0] !== "drydock-shim") {
        onSpawn(child);
        return;
      }
      const shim = new FakeShim(sys, child);
      this.all.push(shim);
      queueMicrotask(() => this.onStart(shim));
    };
    sys.processes.onKill = (pid, signal) => {
      const shim = byPid(pid);
      if (shim) queueMicrotask(() => this.onSignal(shim, signal));
      else onKill(pid, signal);
    };
  }

  /** The one that was started last. */
  get latest(): FakeShim {
    const shim = this.all.at(-1);
    if (!shim) throw new Error("no shim was started");
    return shim;
  }

  /** Kills processes outright, as the kernel does with those of a cgroup. */
  kill(pids: readonly number[]): void {
    for (const shim of this.all) if (pids.includes(shim.pid)) shim.exit(128 + SIGKILL, SIGKILL);
  }
}
