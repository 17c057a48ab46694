import type { BytePipe } from "../../protocol/byte-pipe.ts";
import { concat } from "../../protocol/frame-parser.ts";
import { encodeText } from "../../protocol/text.ts";
import { ByteReader } from "./byte-reader.ts";
import { type RequestHead, RequestProblem, readBody, readHead } from "./http-request.ts";
import type { Site, SiteResponse } from "./site.ts";

const PIECE = 64 * 1024;

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  301: "Moved Permanently",
  302: "Found",
  304: "Not Modified",
  400: "Bad Request",
  401: "Unauthorized",
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Content Too Large",
  500: "Internal Server Error",
  502: "Bad Gateway",
};

/** Serves HTTP/1.1 (RFC 9112) on one connection that the guest has opened. */
export class HttpConnection {
  readonly #pipe: BytePipe;
  readonly #reader: ByteReader;
  readonly #siteFor: (host: string) => Site | undefined;

  /** `siteFor` finds who answers for a host name, which is in lower case and has no port. */
  constructor(pipe: BytePipe, siteFor: (host: string) => Site | undefined) {
    this.#pipe = pipe;
    this.#reader = new ByteReader(pipe);
    this.#siteFor = siteFor;
  }

  /** Answers requests until the client ends the connection, asks for its end or says what is no request. */
  async serve(): Promise<void> {
    try {
      for (let keep = true; keep; ) {
        const head = await readHead(this.#reader);
        keep = head !== undefined && (await this.#answer(head));
      }
    } catch (error) {
      if (!(error instanceof RequestProblem)) throw error;
      await this.#send(plain(error.status, `${error.message}\n`), { hasBody: true, keep: false });
    }
    this.#pipe.end();
  }

  async #answer(head: RequestHead): Promise<boolean> {
    // curl waits for this before it sends a large body.
    if (head.headers.get("expect")?.toLowerCase() === "100-continue")
      await this.#pipe.write(encodeText("HTTP/1.1 100 Continue\r\n\r\n"));
    const request = { ...head, body: await readBody(this.#reader, head) };
    const host = (head.headers.get("host") ?? "").replace(/:\d+$/, "").toLowerCase();
    const site = this.#siteFor(host);
    const response = site
      ? await site(request).catch((error: unknown) => plain(502, `cannot get that: ${String(error)}\n`))
      : plain(502, `no host called ${host} exists in the sandbox internet\n`);
    await this.#send(response, { hasBody: head.method !== "HEAD", keep: head.keepAlive });
    return head.keepAlive;
  }

  async #send(
    { status, headers, body }: SiteResponse,
    { hasBody, keep }: { readonly hasBody: boolean; readonly keep: boolean },
  ): Promise<void> {
    const size = body instanceof Uint8Array ? body.length : body.size;
    const fields = [
      ...headers,
      ["Content-Length", String(size)],
      ["Connection", keep ? "keep-alive" : "close"],
    ] as const;
    const lines = fields.map(field => `${field.join(": ")}\r\n`).join("");
    const head = encodeText(`HTTP/1.1 ${status} ${REASONS[status] ?? ""}\r\n${lines}\r\n`);
    if (!hasBody) {
      await this.#pipe.write(head);
    } else if (body instanceof Uint8Array) {
      await this.#pipe.write(concat([head, body]));
    } else {
      await this.#pipe.write(head);
      for await (const piece of body.pieces)
        for (let at = 0; at < piece.length; at += PIECE)
          await this.#pipe.write(piece.subarray(at, at + PIECE));
    }
  }
}

/** A short answer for people. */
export function plain(status: number, text: string): SiteResponse {
  return { status, headers: [["Content-Type", "text/plain; charset=utf-8"]], body: encodeText(text) };
}
