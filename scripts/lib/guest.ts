import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { MachineHost } from "../../web/machine/worker/machine-host.ts";
import { SandboxInternet } from "../../web/machine/internet/internet.ts";
import type { Asset, Machine } from "../../web/machine/machine.ts";
import { BytePipe } from "../../web/protocol/byte-pipe.ts";
import { concat } from "../../web/protocol/frame-parser.ts";
import type { StreamEnd } from "../../web/protocol/stream.ts";
import { decodeText, encodeText } from "../../web/protocol/text.ts";
import { folderSource } from "./hub-files.ts";
import { readMachineIndex } from "./machine-index.ts";
import { HUB_FILES, MACHINE_DIST } from "./paths.ts";
import { TerminalSession } from "./terminal-session.ts";

/** The files that a boot from scratch needs. */
export interface BootFiles {
  readonly bios: string;
  readonly vgaBios: string;
  readonly kernel: string;
  readonly initrd: string;
}

/** Which machine to start. Without `boot` and `from`: the one that `npm run build` made. */
export interface GuestOptions {
  readonly boot?: BootFiles;
  /** A saved machine's file. */
  readonly from?: string;
  /** MiB, for a boot. */
  readonly memory?: number;
  /** Default `node1`. */
  readonly hostname?: string;
}

/** What a command left. */
export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  /** The exit code; 128 and the signal's number for a process that was killed. */
  readonly status: number;
}

export interface ExecOptions {
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface TerminalOptions {
  readonly argv?: readonly [string, ...string[]];
  readonly rows?: number;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** A line for `bash -lc`, or a program with its arguments. */
export type Command = string | readonly [string, ...string[]];

/** The words that run `command`. */
export function commandWords(command: Command): readonly [string, ...string[]] {
  return typeof command === "string" ? ["bash", "-lc", command] : command;
}

/** The status that a shell would give. */
export function exitStatus(end: StreamEnd): number {
  if (end.how === "reset") throw end.error;
  if (end.how === "finished") return 0;
  return end.signal > 0 ? 128 + end.signal : end.code;
}

/** A machine without a screen, for scripts and tests. */
export class Guest {
  readonly machine: Machine;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** Starts a command on pipes. */
  spawn(command: Command, options: Omit<ExecOptions, "stdin"> = {}): BytePipe {
    return new BytePipe(this.machine.open({ kind: "exec", argv: commandWords(command), ...options }));
  }

  /** Runs a command to its end. */
  async exec(command: Command, options: ExecOptions = {}): Promise<ExecResult> {
    const { stdin = "", ...rest } = options;
    const pipe = this.spawn(command, rest);
    const output: [Uint8Array[], Uint8Array[]] = [[], []];
    const feeding = pipe.write(typeof stdin === "string" ? encodeText(stdin) : stdin).then(() => pipe.end());
    for await (const { bytes, channel } of pipe) output[channel].push(bytes);
    const end = await pipe.stream.closed;
    await feeding;
    const [stdout, stderr] = output.map(pieces => decodeText(concat(pieces)));
    return { stdout: stdout ?? "", stderr: stderr ?? "", status: exitStatus(end) };
  }

  /** Runs a command; throws with its stderr unless it ends with 0. Returns its stdout. */
  async output(command: Command, options: ExecOptions = {}): Promise<string> {
    const { stdout, stderr, status } = await this.exec(command, options);
    if (status !== 0)
      throw new Error(`${commandWords(command).join(" ")} ended with ${status}: ${stderr}${stdout}`);
    return stdout;
  }

  /** Starts a program on a terminal: a login shell by default. */
  terminal(options: TerminalOptions = {}): TerminalSession {
    const { argv = ["bash", "-l"], rows = 24, columns = 80, env = {} } = options;
    const stream = this.machine.open({
      kind: "pty",
      argv,
      rows,
      columns,
      env: { TERM: "xterm-256color", ...env },
    });
    return new TerminalSession(stream);
  }

  /** Writes the whole machine to `file`, from which {@link startGuest} can go on. */
  async save(file: string): Promise<void> {
    await writeFile(file, (await this.machine.save({ compression: "gzip" })).file);
  }
}

/** Starts a machine; whoever calls this destroys it. */
export async function startGuest(options: GuestOptions = {}): Promise<Guest> {
  const machine = new MachineHost();
  const internet = new SandboxInternet(folderSource(HUB_FILES));
  machine.onGuestStream((open, stream) => internet.serve(open, stream));
  const identity = { hostname: options.hostname ?? "node1", node: 1 };
  const wasm = await asset(join(dirname(createRequire(import.meta.url).resolve("v86")), "v86.wasm"));
  if (options.boot !== undefined) {
    const { bios, vgaBios, kernel, initrd } = options.boot;
    await machine.boot({
      identity,
      wasm,
      bios: await asset(bios),
      vgaBios: await asset(vgaBios),
      kernel: await asset(kernel),
      initrd: await asset(initrd),
      memory: options.memory ?? 512,
    });
  } else {
    const file = options.from ?? join(MACHINE_DIST, (await readMachineIndex()).snapshot.file);
    await machine.restore({ identity, wasm, snapshot: await asset(file) });
  }
  return new Guest(machine);
}

/** Starts a machine for the time of `use`. */
export async function withGuest<T>(options: GuestOptions, use: (guest: Guest) => Promise<T>): Promise<T> {
  const guest = await startGuest(options);
  try {
    return await use(guest);
  } finally {
    await guest.machine.destroy();
  }
}

/** A file as an asset. */
async function asset(path: string): Promise<Asset> {
  const bytes = await readFile(path);
  // Small files come out of a pool that they share.
  return { bytes: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) };
}
