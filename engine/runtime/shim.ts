import { assert, EngineError } from "../base/errors.ts";
import type { Bytes } from "../sys/bytes.ts";
import type { Files } from "../sys/files.ts";
import type { ExitStatus, Processes } from "../sys/processes.ts";
import type { Connection, Sockets } from "../sys/streams.ts";
import { encodeProgram, type Program } from "./program.ts";

/** A step that failed: which one, why, and what the shim adds (engine/native/shim/child.c). */
export class StepError extends EngineError {
  readonly step: string;
  readonly code: number;
  readonly detail: string;
  /** The step with its arguments; null where the shim itself failed. */
  readonly record: readonly (string | number)[] | null;

  constructor(step: string, code: number, detail: string, record: readonly (string | number)[] | null) {
    super("system", `${step}: errno ${code}${detail ? ` (${detail})` : ""}`);
    this.step = step;
    this.code = code;
    this.detail = detail;
    this.record = record;
  }
}

/** How a container's process ended, and when (nanoseconds since 1970, as decimal digits). */
export interface ProcessExit extends ExitStatus {
  readonly timeNs: string;
}

/** A client to be joined to a process's streams. */
export interface Attachment {
  /** Its descriptor, which the shim takes a copy of. */
  readonly fd: number;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** The keys that detach it; empty for none. */
  readonly detachKeys: Uint8Array;
  /** Input that arrived before. */
  readonly early: Uint8Array;
}

/** How an attachment ended. */
export type AttachmentEnd = "detached" | "closed";

/** What a shim is told besides its program. */
export interface ShimOptions {
  readonly program: Program;
  readonly tty: boolean;
  readonly openStdin: boolean;
  readonly stdinOnce: boolean;
  /** Clients that must miss nothing of the output. */
  readonly attachments: readonly Attachment[];
}

/** What an exit that nobody saw counts as: the process was killed (128 + SIGKILL), nobody knows when. */
export const UNSEEN_EXIT: ProcessExit = { code: 137, signal: 9, timeNs: "" };

const FIRST_CLIENT = 4; // descriptors 0 to 2 are stdio, 3 is the status connection

function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

function flag(value: boolean): "0" | "1" {
  return value ? "1" : "0";
}

function attachRequest(attachment: Attachment): string[] {
  const words = [
    "attach",
    flag(attachment.stdin),
    flag(attachment.stdout),
    flag(attachment.stderr),
    toHex(attachment.detachKeys) || "-",
  ];
  return attachment.early.length > 0 ? [...words, toHex(attachment.early)] : words;
}

/** Starts shims and finds those that an earlier daemon started. */
export class Shims {
  readonly #files: Files;
  readonly #processes: Processes;
  readonly #sockets: Sockets;
  readonly #bytes: Bytes;
  readonly #binary: string;

  /** `binary` is the path of drydock-shim. */
  constructor(sys: { files: Files; processes: Processes; sockets: Sockets; bytes: Bytes }, binary: string) {
    this.#files = sys.files;
    this.#processes = sys.processes;
    this.#sockets = sys.sockets;
    this.#bytes = sys.bytes;
    this.#binary = binary;
  }

  /**
   * Runs a program in a shim whose state lies in a directory, and resolves once it has become the user's process.
   * Rejects with a {@link StepError}. `label` shows in `ps`.
   */
  async start(directory: string, label: string, options: ShimOptions): Promise<Shim> {
    this.#files.makeDirectories(directory, 0o700);
    this.#files.writeAtomic(`${directory}/program`, encodeProgram(this.#withSettings(options)));
    const [ours, theirs] = this.#sockets.pair();
    const clients = options.attachments.map(attachment => attachment.fd);
    try {
      this.#processes.spawn(
        {
          file: this.#binary,
          argv: ["drydock-shim", directory, label],
          env: [],
          fds: [-1, -1, 2, theirs.fd, ...clients],
          newSession: true,
        },
        () => {}, // what matters comes over the status connection
      );
    } catch (error) {
      ours.close();
      throw error;
    } finally {
      theirs.close();
    }
    const shim = new Shim(directory, ours, this.#files, this.#sockets, this.#bytes);
    await shim.started(options.program);
    return shim;
  }

  /** Joins a shim that is already there; null where it has gone, and only its files may tell more. */
  async adopt(directory: string): Promise<Shim | null> {
    try {
      const connection = this.#sockets.connectUnix(`${directory}/sock`);
      await connection.write("watch\n");
      const shim = new Shim(directory, connection, this.#files, this.#sockets, this.#bytes);
      await shim.started(null);
      return shim;
    } catch {
      return null;
    }
  }

  #withSettings(options: ShimOptions): Program {
    const clients = options.attachments.map(
      (attachment, index) => ["client", FIRST_CLIENT + index, ...attachRequest(attachment)] as const,
    );
    return {
      settings: [
        ["stdio", flag(options.tty), flag(options.openStdin), flag(options.stdinOnce)],
        ...options.program.settings,
        ...clients,
      ],
      steps: options.program.steps,
    };
  }
}

/** A running shim, seen by the daemon. */
export class Shim {
  readonly directory: string;
  /** Resolves when the process has ended and all its output is out; rejects where it ended unreadably. */
  readonly exited: Promise<ProcessExit>;
  #pid = 0;
  readonly #status: Connection;
  readonly #files: Files;
  readonly #sockets: Sockets;
  readonly #bytes: Bytes;
  #follow: (exit: Promise<ProcessExit>) => void = () => {};
  #lines = "";

  constructor(directory: string, status: Connection, files: Files, sockets: Sockets, bytes: Bytes) {
    this.directory = directory;
    this.#status = status;
    this.#files = files;
    this.#sockets = sockets;
    this.#bytes = bytes;
    this.exited = new Promise(resolve => {
      this.#follow = resolve;
    });
    this.exited.catch(() => {}); // is for those who wait, if there are any
  }

  /** Of the process, as the host sees it. */
  get pid(): number {
    return this.#pid;
  }

  /** Waits until the process runs; then goes on to wait for its end. */
  async started(program: Program | null): Promise<void> {
    const line = await this.#nextLine();
    const words = line?.split(" ") ?? [];
    if (words[0] === "failed") {
      this.#status.close();
      const [, index = "", step = "", code = "", ...detail] = words;
      throw new StepError(step, Number(code), detail.join(" "), program?.steps[Number(index)] ?? null);
    }
    if (words[0] !== "started") {
      this.#status.close();
      throw new EngineError("system", "the shim ended before it had started anything");
    }
    this.#pid = Number(words[1]);
    this.#follow(this.#awaitExit());
  }

  /** Sets the size of the process's pty. */
  async resize(rows: number, columns: number): Promise<void> {
    const connection = this.#sockets.connectUnix(`${this.directory}/sock`);
    try {
      await connection.write(`resize ${rows} ${columns}\n`);
      await connection.read(new Uint8Array(16));
    } finally {
      connection.close();
    }
  }

  /** Joins a client to the streams; resolves when it has left them. */
  async attach(attachment: Attachment): Promise<AttachmentEnd> {
    const connection = this.#sockets.connectUnix(`${this.directory}/sock`);
    try {
      this.#sockets.sendWithFds(connection, `${attachRequest(attachment).join(" ")}\n`, [attachment.fd]);
      const buffer = new Uint8Array(64);
      const length = await connection.read(buffer);
      return this.#bytes.decode(buffer, 0, length).startsWith("detached") ? "detached" : "closed";
    } finally {
      connection.close();
    }
  }

  /** Removes what the shim has left, once it has exited. */
  cleanUp(): void {
    this.#status.close();
    this.#files.removeTree(this.directory);
  }

  async #awaitExit(): Promise<ProcessExit> {
    const line = await this.#nextLine();
    return line === null ? this.#exitFromFile() : parseExit(line.slice("exited ".length));
  }

  /** The connection broke: either the shim wrote how it ended, or it was killed and took the process with it. */
  #exitFromFile(): ProcessExit {
    return readExit(this.#files, this.directory) ?? UNSEEN_EXIT;
  }

  /** The next line of the status connection; null at its end. */
  async #nextLine(): Promise<string | null> {
    const buffer = new Uint8Array(256);
    for (;;) {
      const newline = this.#lines.indexOf("\n");
      if (newline >= 0) {
        const line = this.#lines.slice(0, newline);
        this.#lines = this.#lines.slice(newline + 1);
        return line;
      }
      const length = await this.#status.read(buffer).catch(() => 0);
      if (length === 0) return null;
      this.#lines += this.#bytes.decode(buffer, 0, length);
    }
  }
}

function parseExit(text: string): ProcessExit {
  const [code, signal, timeNs = ""] = text.trim().split(" ");
  assert(code !== undefined && signal !== undefined, `a shim's exit line: ${text}`);
  return { code: Number(code), signal: Number(signal), timeNs };
}

/** How the process of a shim that is gone ended, if it had the time to write it. */
export function readExit(files: Files, directory: string): ProcessExit | null {
  const path = `${directory}/exit`;
  return files.exists(path) ? parseExit(files.readText(path)) : null;
}
