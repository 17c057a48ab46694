import type { PreviewRequest } from "../messages.ts";
import { isOwnPlace } from "../places.ts";
import { AnswerStream } from "./answer-stream.ts";
import { ChannelSource } from "./channel.ts";
import { toResponse } from "./response.ts";

const NOT_CONNECTED = "This preview is not connected to a playground. Open it there again.\n";

/** Answers all requests to the preview's origin from the playground's machine. */
export class PreviewWorker {
  readonly #scope: ServiceWorkerGlobalScope;
  readonly #channels: ChannelSource;

  constructor(scope: ServiceWorkerGlobalScope) {
    this.#scope = scope;
    this.#channels = new ChannelSource(scope.clients);
  }

  start(): void {
    const scope = this.#scope;
    scope.addEventListener("install", event => event.waitUntil(scope.skipWaiting()));
    scope.addEventListener("activate", event => event.waitUntil(scope.clients.claim()));
    scope.addEventListener("message", event => this.#channels.take(event));
    scope.addEventListener("fetch", event => {
      const { origin, pathname } = new URL(event.request.url);
      if (origin !== scope.location.origin || isOwnPlace(pathname)) return;
      event.respondWith(this.#answer(event));
    });
  }

  async #answer(event: FetchEvent): Promise<Response> {
    const { request } = event;
    const channel = await this.#channels.open();
    if (channel === undefined) return isDocument(request) ? notConnected() : Response.error();
    const { port1, port2 } = new MessageChannel();
    const answer = new AnswerStream(port1);
    request.signal.addEventListener("abort", () => answer.cancel());
    channel.postMessage(await describe(request), [port2]);
    // Browsers end a worker that seems idle, in the middle of a long answer too.
    event.waitUntil(answer.over);
    try {
      return toResponse(await answer.head, answer.body, request.method);
    } catch {
      return Response.error(); // as without a worker: the browser tells the page that the network failed
    }
  }
}

async function describe(request: Request): Promise<PreviewRequest> {
  const { pathname, search } = new URL(request.url);
  const headers: [string, string][] = [...request.headers];
  if (request.referrer.startsWith("http")) headers.push(["referer", request.referrer]);
  if (!request.headers.has("accept-language"))
    headers.push(["accept-language", navigator.languages.join(", ")]);
  const bodiless = request.method === "GET" || request.method === "HEAD";
  return {
    method: request.method,
    target: pathname + search,
    headers,
    // Whole, so that its length is known, as it is when a browser sends a form or a file; it need not be in memory.
    body: bodiless ? null : await request.blob(),
    document: isDocument(request),
    cookies: request.credentials !== "omit",
  };
}

function isDocument(request: Request): boolean {
  return request.mode === "navigate";
}

function notConnected(): Response {
  return new Response(NOT_CONNECTED, {
    status: 503,
    headers: { "Content-Type": "text/plain; charset=utf-8" },
  });
}
