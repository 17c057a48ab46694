import { LinkError } from "../../web/protocol/link-error.ts";
import type { GuestStream, StreamEnd, StreamSink } from "../../web/protocol/stream.ts";
import { encodeText } from "../../web/protocol/text.ts";

interface Waiter {
  readonly pattern: RegExp;
  found(text: string): void;
  failed(error: Error): void;
}

/** Milliseconds after which a wait for output fails. */
const WAIT_LIMIT = 60_000;

/** A terminal that a program reads: it waits for output, never for time. */
export class TerminalSession implements StreamSink {
  readonly stream: GuestStream;
  readonly #decoder = new TextDecoder();
  /** What no wait has consumed yet. */
  #text = "";
  #waiter: Waiter | undefined;

  constructor(stream: GuestStream) {
    this.stream = stream;
    stream.attach(this);
  }

  data(bytes: Uint8Array): void {
    this.#text += this.#decoder.decode(bytes, { stream: true });
    this.stream.consumed(bytes.length);
    this.#look();
  }

  closed(): void {
    this.#waiter?.failed(new Error(`the terminal closed before ${this.#wanted()}; it said: ${this.#text}`));
  }

  /** Types `text`. */
  send(text: string): void {
    this.stream.send(encodeText(text));
  }

  /**
   * Waits until the output that no earlier wait has consumed matches, and consumes it up to the match's end.
   * Rejects when the terminal closes first or says nothing of the kind for a minute.
   */
  async waitFor(pattern: string | RegExp): Promise<string> {
    const literal = typeof pattern === "string" ? pattern.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&") : pattern;
    const found = new Promise<string>((resolve, reject) => {
      this.#waiter = { pattern: new RegExp(literal), found: resolve, failed: reject };
    });
    const timer = setTimeout(() => {
      this.#waiter?.failed(
        new Error(`waited in vain for ${this.#wanted()}; the terminal said: ${this.#text}`),
      );
    }, WAIT_LIMIT);
    this.#look();
    try {
      return await found;
    } finally {
      clearTimeout(timer);
      this.#waiter = undefined;
    }
  }

  /** Hangs up. */
  close(): void {
    this.stream.reset(new LinkError("ECANCELED", "the terminal was closed"));
  }

  /** How the program on the terminal ended. */
  get end(): Promise<StreamEnd> {
    return this.stream.closed;
  }

  #look(): void {
    const match = this.#waiter?.pattern.exec(this.#text);
    if (match === null || match === undefined) return;
    const end = match.index + match[0].length;
    const text = this.#text.slice(0, end);
    this.#text = this.#text.slice(end);
    this.#waiter?.found(text);
  }

  #wanted(): string {
    return String(this.#waiter?.pattern);
  }
}
