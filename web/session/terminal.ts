import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { LinkError } from "../protocol/link-error.ts";
import type { OpenRequest } from "../protocol/open-request.ts";
import type { GuestStream, StreamEnd, StreamSink } from "../protocol/stream.ts";
import { decodeText, encodeText } from "../protocol/text.ts";

/** How a shell ended. */
export type ShellEnd =
  | { readonly how: "exit"; readonly code: number }
  /** By a signal's number. */
  | { readonly how: "signal"; readonly signal: number }
  /** The connection to it broke, or it could not be started; `reason` is technical. */
  | { readonly how: "lost"; readonly reason: string };

/** Where a terminal is in its life. */
export type TerminalState =
  /** There is no machine yet, or nobody has said how large the terminal is. */
  | { readonly name: "waiting" }
  | { readonly name: "open" }
  /** The shell is over: Enter starts another one. */
  | { readonly name: "ended"; readonly end: ShellEnd }
  /** The machine is gone, and the shell with it. */
  | { readonly name: "dead" };

export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

/** Where a terminal's output is shown. */
export interface TerminalScreen {
  /** Shows bytes; calls `shown` when there is room for more. */
  write(bytes: Uint8Array, shown: () => void): void;
  /** Forgets what it shows: another machine has begun. */
  clear(): void;
}

/** What shows that somebody is at a terminal, or a program in it. */
export type SignOfLife = "input" | "output";

/** The part of a machine that a terminal uses. */
export interface ShellHost {
  open(request: OpenRequest): GuestStream;
}

const ENTER = "\r";
/** What bash says when it begins to read a line: it takes pasted text as such from now on. */
const READS_A_LINE = "\x1b[?2004h";

/** The shell of a terminal. The guest keeps a spare one ready for exactly this: see /etc/drydock/services. */
export const SHELL = {
  argv: ["bash", "-l"],
  env: { TERM: "xterm-256color", COLORTERM: "truecolor" },
} as const;

/** A shell of the guest with its keyboard and screen, which outlives the shell and the machine. */
export class Terminal {
  readonly id: number;
  /** Whether the keyboard shall come here as soon as somebody shows the terminal, who then takes this back. */
  readonly wantsFocus: Signal<boolean> = signal(false);
  readonly #touch: (sign: SignOfLife) => void;
  readonly #state = signal<TerminalState>({ name: "waiting" });
  readonly #spoken = signal(false);
  #screen: TerminalScreen | undefined;
  #size: TerminalSize | undefined;
  #host: ShellHost | undefined;
  #stream: GuestStream | undefined;
  /** A command to type when the first shell asks for one. */
  #command: string | undefined;
  /** The end of what the shell has said while that is waited for. */
  #tail = "";

  /**
   * `touch` is called whenever somebody types and whenever there is output. `command` is typed at the first prompt, for
   * whoever looks on.
   */
  constructor(id: number, touch: (sign: SignOfLife) => void, command?: string) {
    this.id = id;
    this.#touch = touch;
    this.#command = command;
  }

  get state(): ReadonlySignal<TerminalState> {
    return this.#state;
  }

  /** Whether the machine that is there now has said anything here. */
  get spoken(): ReadonlySignal<boolean> {
    return this.#spoken;
  }

  /** Sets where output goes. A shell starts when there is a screen whose size is known. */
  show(screen: TerminalScreen, size: TerminalSize): void {
    this.#screen = screen;
    this.resize(size);
  }

  /** Nobody looks any more; the shell ends. */
  close(): void {
    this.#screen = undefined;
    this.#stream?.reset(new LinkError("ECANCELED", "the terminal was closed"));
    this.#stream = undefined;
  }

  resize(size: TerminalSize): void {
    this.#size = size;
    if (this.#stream === undefined) this.#openIfReady();
    else this.#stream.resize(size.rows, size.columns);
  }

  /** Takes what was typed or pasted. */
  input(text: string): void {
    this.#touch("input");
    if (this.#state.value.name === "ended" && text === ENTER) {
      this.#state.value = { name: "waiting" };
      this.#openIfReady();
    } else {
      this.#stream?.send(encodeText(text));
    }
  }

  /** Takes bytes that are no text: reports of the mouse. */
  inputBytes(bytes: Uint8Array): void {
    this.#stream?.send(bytes);
  }

  /** There is a machine: the shell can start, as soon as that runs. */
  connect(host: ShellHost): void {
    this.#host = host;
    this.#screen?.clear();
    this.#state.value = { name: "waiting" };
    this.#openIfReady();
  }

  /** The machine is gone. What it has shown stays until there is another one. */
  disconnect(): void {
    this.#host = undefined;
    this.#stream = undefined;
    this.#command = undefined;
    this.#state.value = { name: "dead" };
    this.#spoken.value = false;
  }

  #openIfReady(): void {
    if (this.#state.value.name !== "waiting" || !this.#host || !this.#screen || !this.#size) return;
    const stream = this.#host.open({ kind: "pty", ...SHELL, ...this.#size });
    this.#stream = stream;
    this.#state.value = { name: "open" };
    stream.attach(this.#sinkOf(stream));
  }

  #sinkOf(stream: GuestStream): StreamSink {
    return {
      data: bytes => {
        if (this.#stream === stream) this.#write(bytes, () => stream.consumed(bytes.length));
      },
      closed: end => {
        if (this.#stream !== stream) return;
        this.#stream = undefined;
        this.#state.value = { name: "ended", end: shellEnd(end) };
      },
    };
  }

  /** Types the command when the shell is ready for it: earlier it would be shown twice. */
  #typeCommand(bytes: Uint8Array): void {
    if (this.#command === undefined) return;
    this.#tail = (this.#tail + decodeText(bytes)).slice(-READS_A_LINE.length - bytes.length);
    if (!this.#tail.includes(READS_A_LINE)) return;
    this.#stream?.send(encodeText(this.#command + ENTER));
    this.#command = undefined;
    this.#tail = "";
  }

  #write(bytes: Uint8Array, shown: () => void): void {
    this.#typeCommand(bytes);
    this.#touch("output");
    this.#screen?.write(bytes, shown);
    if (!this.#spoken.value) this.#spoken.value = true;
  }
}

function shellEnd(end: StreamEnd): ShellEnd {
  if (end.how === "exit" && end.signal > 0) return { how: "signal", signal: end.signal };
  if (end.how === "exit") return { how: "exit", code: end.code };
  return { how: "lost", reason: end.how === "reset" ? end.error.message : "the stream was closed" };
}
