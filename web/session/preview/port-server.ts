import { exchange } from "../../http/exchange.ts";
import type { PreviewRequest } from "../../preview/messages.ts";
import { BytePipe } from "../../protocol/byte-pipe.ts";
import { LinkError } from "../../protocol/link-error.ts";
import type { OpenRequest } from "../../protocol/open-request.ts";
import type { GuestStream } from "../../protocol/stream.ts";
import { encodeText } from "../../protocol/text.ts";
import { CookieJar } from "./cookie-jar.ts";
import { type PreviewFailure, previewFailure } from "./failure.ts";
import { requestHead, responseHead } from "./heads.ts";
import type { Receiver } from "./receiver.ts";
import { type PreviewPort, Reply } from "./reply.ts";
import { checkedRequest } from "./request-check.ts";

/** What a preview needs of its surroundings. */
export interface PortServerOptions {
  /** Opens a stream to the machine; throws a `LinkError` where there is none. */
  readonly open: (request: OpenRequest) => GuestStream;
  /** A page (HTML) that tells of a failure. */
  readonly explain: (failure: PreviewFailure, port: number) => string;
  /** Calls back once after some milliseconds; returns what calls that off. */
  readonly later: (milliseconds: number, callback: () => void) => () => void;
}

/** Requests that are with the guest at once; browsers allow themselves six. */
const MOST_AT_ONCE = 16;
/** Requests that wait for their turn; more are refused, since only a broken or hostile page has them. */
const MOST_WAITING = 512;
/** Milliseconds for a server to begin its answer, in a machine that may be slow. */
const PATIENCE = 120_000;
/** Bytes of a request's body that are read at once. */
const PIECE = 64 * 1024;
const BAD_GATEWAY = { status: 502, reason: "Bad Gateway" };

/** Serves one published port of the guest to previews: whoever has a channel can talk to that port and to nothing else. */
export class PortServer {
  readonly port: number;
  readonly #options: PortServerOptions;
  readonly #jar = new CookieJar();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(port: number, options: PortServerOptions) {
    this.port = port;
    this.#options = options;
  }

  /** Takes requests from `channel`, each with a port for its answer. Returns what ends them all. */
  accept(channel: PreviewPort): () => void {
    const replies = new Set<Reply>();
    channel.addEventListener("message", ({ data, ports }) => {
      const [port] = ports;
      if (port === undefined) return;
      const reply = new Reply(port);
      replies.add(reply);
      void this.serve(data, reply).finally(() => replies.delete(reply));
    });
    channel.start();
    return () => {
      channel.close();
      for (const reply of replies) reply.abandon();
    };
  }

  /** Answers one request, which may be anything. */
  async serve(data: unknown, reply: Receiver): Promise<void> {
    const request = checkedRequest(data);
    if (request === undefined || this.#waiting.length >= MOST_WAITING) {
      reply.fail();
      return;
    }
    await this.#turn();
    try {
      if (!reply.cancelled.aborted) await this.#answer(request, reply);
    } catch (error) {
      await this.#fail(error, request, reply);
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#running >= MOST_AT_ONCE) await new Promise<void>(resolve => this.#waiting.push(resolve));
    this.#running++;
  }

  async #answer(request: PreviewRequest, reply: Receiver): Promise<void> {
    const stream = this.#options.open({ kind: "tcp", address: "127.0.0.1", port: this.port });
    const hangUp = (): void => stream.reset(new LinkError("ECANCELED", "the preview is done with it"));
    reply.cancelled.addEventListener("abort", hangUp, { once: true });
    const stopWaiting = this.#options.later(PATIENCE, () =>
      stream.reset(new LinkError("ETIMEDOUT", "the server did not answer")),
    );
    try {
      const head = requestHead(request, this.port, this.#jar);
      const answer = await exchange(new BytePipe(stream), head, piecesOf(request.body));
      stopWaiting();
      reply.head(responseHead(answer.head, request, this.port, this.#jar));
      for await (const bytes of answer.body) await reply.data(bytes);
      reply.end();
    } finally {
      stopWaiting();
      hangUp(); // each request has a connection of its own, whatever the server would have
    }
  }

  async #fail(error: unknown, request: PreviewRequest, reply: Receiver): Promise<void> {
    const failure = previewFailure(error);
    if (failure === undefined || !request.document || reply.begun) {
      reply.fail();
      if (failure === undefined) throw error;
      return;
    }
    reply.head({ ...BAD_GATEWAY, headers: [["Content-Type", "text/html; charset=utf-8"]] });
    await reply.data(encodeText(this.#options.explain(failure, this.port)));
    reply.end();
  }
}

async function* piecesOf(body: Blob | null): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < (body?.size ?? 0); at += PIECE)
    yield new Uint8Array((await body?.slice(at, at + PIECE).arrayBuffer()) ?? []);
}
