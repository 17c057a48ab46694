import type { ResponseHead } from "../../http/head.ts";
import type { Answer, Reaction } from "../../preview/messages.ts";
import { type Deferred, deferred } from "../../protocol/deferred.ts";
import type { Receiver } from "./receiver.ts";
import { isRecord } from "./request-check.ts";

/** The part of a MessagePort that is used: a browser's and Node's have it. */
export interface PreviewPort {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<unknown>) => void): void;
  start(): void;
  close(): void;
}

/** Bytes on their way to the preview, whatever it asks for. */
const LARGEST_WINDOW = 4 * 1024 * 1024;

/** The playground's end of one request: sends no more of the answer than the other end has room for. */
export class Reply implements Receiver {
  readonly cancelled: AbortSignal;
  readonly #port: PreviewPort;
  readonly #cancel = new AbortController();
  #room = 0;
  #wake: Deferred<void> | undefined;
  #begun = false;

  constructor(port: PreviewPort) {
    this.#port = port;
    this.cancelled = this.#cancel.signal;
    port.addEventListener("message", ({ data }) => this.#take(data));
    port.start();
  }

  get begun(): boolean {
    return this.#begun;
  }

  head({ status, reason, headers }: ResponseHead): void {
    this.#begun = true;
    this.#say({ type: "head", status, reason, headers });
  }

  /** Sends bytes; waits for room before that. Sends nothing when the request was cancelled. */
  async data(bytes: Uint8Array): Promise<void> {
    while (this.#room <= 0 && !this.cancelled.aborted) {
      this.#wake = deferred();
      await this.#wake.promise;
    }
    if (this.cancelled.aborted) return;
    this.#room -= bytes.length;
    const own = new Uint8Array(bytes); // most pieces are parts of a larger buffer, which cannot be handed over
    this.#say({ type: "data", bytes: own }, [own.buffer]);
  }

  end(): void {
    this.#say({ type: "end" });
  }

  fail(): void {
    this.#say({ type: "failed" });
  }

  /** Calls the request off from this side. */
  abandon(): void {
    this.fail();
    this.#stop();
  }

  #say(answer: Answer, transfer: Transferable[] = []): void {
    if (!this.cancelled.aborted) this.#port.postMessage(answer, transfer);
  }

  #take(data: unknown): void {
    if (!isRecord(data)) return;
    const { type, bytes } = data as Partial<Reaction & { bytes: unknown }>;
    if (type === "cancel") this.#stop();
    if (type !== "more" || typeof bytes !== "number" || !(bytes > 0)) return;
    this.#room = Math.min(LARGEST_WINDOW, this.#room + bytes);
    this.#wake?.resolve();
  }

  #stop(): void {
    this.#cancel.abort();
    this.#wake?.resolve();
    this.#port.close();
  }
}
