/**
 * Joins a raw stream of the daemon with the command's standard streams. Bytes go through relays only, never through
 * JavaScript. On a terminal it is in raw mode meanwhile.
 */
import { DEFAULT_DETACH_KEYS, parseDetachKeys } from "../../base/detach-keys.ts";
import { EngineError } from "../../base/errors.ts";
import type { Hijacked } from "../../client/engine-client.ts";
import type { Relay, RelayEnd } from "../../sys/streams.ts";
import type { CommandContext } from "../context.ts";
import { StatusError } from "../status-error.ts";

/** Which streams to join, and how. */
export interface StreamOptions {
  readonly tty: boolean;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** Empty for the default. */
  readonly detachKeys: string;
}

/** How it ended: the output did, or the detach keys came. */
export type StreamsEnd = "ended" | "detached";

/** What `docker attach` and `docker exec` say when the detach keys come. */
export const DETACHED_MESSAGE = "read escape sequence";

const BROKEN_PIPE_STATUS = 128 + 13;

/** The keys, or the default ones where these are none. */
function detachBytes(keys: string): Uint8Array {
  try {
    return parseDetachKeys(keys || DEFAULT_DETACH_KEYS);
  } catch {
    return parseDetachKeys(DEFAULT_DETACH_KEYS);
  }
}

/** A raw stream that is joined with standard streams. */
export class AttachedStreams {
  readonly #context: CommandContext;
  readonly #options: StreamOptions;
  readonly #hijacked: Hijacked;
  readonly #relays = new Set<Relay>();
  #hasTerminal = false;
  #isOver = false;
  #finish: (end: StreamsEnd) => void = () => {};
  #fail: (error: unknown) => void = () => {};
  /** Rejects where a stream breaks. */
  readonly ended: Promise<StreamsEnd>;

  private constructor(context: CommandContext, hijacked: Hijacked, options: StreamOptions) {
    this.#context = context;
    this.#hijacked = hijacked;
    this.#options = options;
    this.ended = new Promise((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
    this.ended.catch(() => {}); // whoever asks later learns of it all the same
  }

  /** Begins. Where the input is a terminal, it waits until that is ours. */
  static async join(
    context: CommandContext,
    hijacked: Hijacked,
    options: StreamOptions,
  ): Promise<AttachedStreams> {
    const streams = new AttachedStreams(context, hijacked, options);
    context.scope.own(() => streams.stop());
    context.scope.own(() => hijacked.connection.close());
    context.session.onPause(paused => streams.#pause(paused));
    // What was printed before comes first: relays and text take different ways.
    await context.stdout.flush();
    await context.stderr.flush();
    await streams.#takeTerminal();
    if (!streams.#isOver) {
      streams.#startOutput();
      streams.#startInput();
    }
    return streams;
  }

  /** Ends it from our side; the terminal is as it was. */
  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const relay of this.#relays) relay.stop();
    if (this.#hasTerminal) this.#context.session.releaseTerminal();
    this.#hasTerminal = false;
    this.#finish("ended");
  }

  async #takeTerminal(): Promise<void> {
    const { session } = this.#context;
    const { stdin, tty } = this.#options;
    if (!stdin || !session.stdin.isTerminal) return;
    const raw = tty && !session.env("NORAW");
    await session.takeTerminal(raw);
    this.#hasTerminal = true;
  }

  #startOutput(): void {
    const { stdout, stderr, tty } = this.#options;
    if (!stdout && !stderr) return;
    const { connection, early } = this.#hijacked;
    const { session } = this.#context;
    const relay = this.#relay(connection.fd, session.stdout.connection().fd, {
      ...(tty ? {} : { errors: session.stderr.connection().fd }),
      ...(early.length > 0 ? { early } : {}),
    });
    void relay.ended.then(end => this.#outputEnded(end));
  }

  #startInput(): void {
    const { stdin, tty, detachKeys } = this.#options;
    const { connection } = this.#hijacked;
    if (!stdin) {
      connection.closeWrite();
      return;
    }
    const keys = tty ? { detachKeys: detachBytes(detachKeys) } : {};
    const relay = this.#relay(this.#context.session.stdin.connection().fd, connection.fd, keys);
    void relay.ended.then(end => this.#inputEnded(end));
  }

  #relay(from: number, to: number, options: Parameters<CommandContext["sys"]["relays"]["relay"]>[2]): Relay {
    const relay = this.#context.sys.relays.relay(from, to, options);
    this.#relays.add(relay);
    void relay.ended.then(() => this.#relays.delete(relay));
    return relay;
  }

  #outputEnded(end: RelayEnd): void {
    if (typeof end === "object" && end.side === "write") {
      if (end.code === "EPIPE") this.#context.interrupt(new StatusError(BROKEN_PIPE_STATUS));
      else this.#fail(new EngineError("system", `write /dev/stdout: ${end.reason}`));
    }
    this.stop();
  }

  #inputEnded(end: RelayEnd): void {
    if (end === "detach") {
      this.#finish("detached");
      this.stop();
      return;
    }
    const { stdout, stderr } = this.#options;
    if (!this.#isOver) this.#hijacked.connection.closeWrite();
    if (!stdout && !stderr) this.stop();
  }

  #pause(paused: boolean): void {
    for (const relay of this.#relays) relay.pause(paused);
  }
}
