import { type Deferred, deferred } from "../../protocol/deferred.ts";
import type { Answer, Reaction } from "../messages.ts";

/** Bytes of an answer that may lie between the playground and the page. */
const WINDOW = 1024 * 1024;
/** Less is not worth a message. */
const GRANT = WINDOW / 4;

type Head = Extract<Answer, { type: "head" }>;

/** One answer of the playground, as it comes over a port of its own. */
export class AnswerStream {
  /** Rejects where the answer failed before its head. */
  readonly head: Promise<Head>;
  /** Settles when nothing more will come; never rejects. */
  readonly over: Promise<void>;
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly #port: MessagePort;
  #controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  /** Bytes that were asked for and have not come. */
  #granted = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    const head = deferred<Head>();
    const over = deferred<void>();
    this.head = head.promise;
    this.over = over.promise;
    this.body = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        start: controller => {
          this.#controller = controller;
        },
        pull: controller => this.#grant(controller.desiredSize ?? 0),
        cancel: () => {
          this.cancel();
          over.resolve();
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: WINDOW }),
    );
    port.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
      if (data.type === "head") head.resolve(data);
      else if (data.type === "data") this.#take(data.bytes);
      else this.#finish(data.type === "end", head, over);
    });
    port.start();
  }

  /** Tells the playground that nobody waits any more. */
  cancel(): void {
    this.#say({ type: "cancel" });
    this.#port.close();
  }

  #grant(room: number): void {
    const bytes = room - this.#granted;
    if (bytes < GRANT) return;
    this.#granted += bytes;
    this.#say({ type: "more", bytes });
  }

  #take(bytes: Uint8Array<ArrayBuffer>): void {
    this.#granted -= bytes.length;
    this.#controller?.enqueue(bytes);
  }

  #finish(complete: boolean, head: Deferred<Head>, over: Deferred<void>): void {
    const error = new TypeError("the answer broke off");
    if (complete) this.#controller?.close();
    else this.#controller?.error(error);
    head.reject(error);
    over.resolve();
    this.#port.close();
  }

  #say(reaction: Reaction): void {
    this.#port.postMessage(reaction, []);
  }
}
