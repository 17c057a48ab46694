import type { BytePipe } from "../../protocol/byte-pipe.ts";
import { concat } from "../../protocol/frame-parser.ts";
import { decodeText, encodeText } from "../../protocol/text.ts";
import type { Site, SiteRequest, SiteResponse } from "./site.ts";

const LARGEST_HEAD = 64 * 1024;
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
  500: "Internal Server Error",
  502: "Bad Gateway",
};

/** Serves HTTP/1.1 (RFC 9112) on one connection that the guest has opened. */
export class HttpConnection {
  readonly #pipe: BytePipe;
  readonly #siteFor: (host: string) => Site | undefined;
  #held: Uint8Array = new Uint8Array();

  /** `siteFor` finds who answers for a host name, which is in lower case and has no port. */
  constructor(pipe: BytePipe, siteFor: (host: string) => Site | undefined) {
    this.#pipe = pipe;
    this.#siteFor = siteFor;
  }

  /** Answers requests until the client ends the connection or asks for its end. */
  async serve(): Promise<void> {
    for (;;) {
      const request = await this.#readRequest();
      if (!request) break;
      const keep = await this.#answer(request);
      if (!keep) break;
    }
    this.#pipe.end();
  }

  async #answer(request: SiteRequest): Promise<boolean> {
    const host = (request.headers.get("host") ?? "").replace(/:\d+$/, "").toLowerCase();
    const site = this.#siteFor(host);
    const response = site
      ? await site(request).catch((error: unknown) => plain(502, `cannot get that: ${String(error)}\n`))
      : plain(502, `no host called ${host} exists in the sandbox internet\n`);
    const keep = request.headers.get("connection")?.toLowerCase() !== "close";
    await this.#send(request, response, keep);
    return keep;
  }

  async #send(request: SiteRequest, response: SiteResponse, keep: boolean): Promise<void> {
    const { status, headers, body } = response;
    const size = body instanceof Uint8Array ? body.length : body.size;
    const fields = [
      ...headers,
      ["Content-Length", String(size)],
      ["Connection", keep ? "keep-alive" : "close"],
    ] as const;
    const head = `HTTP/1.1 ${status} ${REASONS[status] ?? ""}\r\n${fields.map(field => `${field.join(": ")}\r\n`).join("")}\r\n`;
    if (request.method === "HEAD") {
      await this.#pipe.write(encodeText(head));
    } else if (body instanceof Uint8Array) {
      await this.#pipe.write(concat([encodeText(head), body]));
    } else {
      await this.#pipe.write(encodeText(head));
      for await (const piece of body.pieces)
        for (let at = 0; at < piece.length; at += PIECE)
          await this.#pipe.write(piece.subarray(at, at + PIECE));
    }
  }

  /** The next request; undefined at the end of the connection, and on what is no HTTP. Bodies are skipped. */
  async #readRequest(): Promise<SiteRequest | undefined> {
    const head = await this.#readHead();
    if (head === undefined) return undefined;
    const [line = "", ...lines] = head.split("\r\n");
    const [method, target, protocol] = line.split(" ");
    if (!method || !target?.startsWith("/") || !protocol?.startsWith("HTTP/1.")) return undefined;
    const headers = new Map<string, string>();
    for (const field of lines) {
      const colon = field.indexOf(":");
      if (colon > 0) headers.set(field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim());
    }
    await this.#skip(Number(headers.get("content-length") ?? 0));
    const question = target.indexOf("?");
    return {
      method,
      path: question < 0 ? target : target.slice(0, question),
      query: question < 0 ? "" : target.slice(question + 1),
      headers,
    };
  }

  async #readHead(): Promise<string | undefined> {
    for (;;) {
      const text = decodeText(this.#held);
      const end = text.indexOf("\r\n\r\n");
      if (end >= 0) {
        this.#held = this.#held.subarray(encodeText(text.slice(0, end + 4)).length);
        return text.slice(0, end);
      }
      if (this.#held.length > LARGEST_HEAD || !(await this.#readMore())) return undefined;
    }
  }

  async #skip(length: number): Promise<void> {
    let left = length;
    while (left > 0) {
      if (this.#held.length === 0 && !(await this.#readMore())) return;
      const take = Math.min(left, this.#held.length);
      this.#held = this.#held.subarray(take);
      left -= take;
    }
  }

  async #readMore(): Promise<boolean> {
    const chunk = await this.#pipe.read();
    if (chunk) this.#held = concat([this.#held, chunk.bytes]);
    return chunk !== undefined;
  }
}

/** A short answer for people. */
export function plain(status: number, text: string): SiteResponse {
  return { status, headers: [["Content-Type", "text/plain; charset=utf-8"]], body: encodeText(text) };
}
