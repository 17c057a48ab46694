import { type ResponseHead, headerOf } from "../../http/head.ts";
import { concat } from "../../protocol/frame-parser.ts";
import type { PortServer } from "./port-server.ts";
import type { Receiver } from "./receiver.ts";

/** Bytes of one file that are read at most: they end up within the page. */
const LARGEST = 8 * 1024 * 1024;
const MOST_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** What could run, load or lead away; the frame forbids that too. */
const REMOVED = "script, iframe, object, embed, base, meta[http-equiv]";

interface Got {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where it was found in the end. */
  readonly target: string;
}

/** An answer as a whole. */
class Collected implements Receiver {
  readonly cancelled: AbortSignal;
  answer: ResponseHead | undefined;
  complete = false;
  readonly #pieces: Uint8Array[] = [];
  #size = 0;

  constructor(cancelled: AbortSignal) {
    this.cancelled = cancelled;
  }

  get begun(): boolean {
    return this.answer !== undefined;
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(concat(this.#pieces));
  }

  head(head: ResponseHead): void {
    this.answer = head;
  }

  async data(bytes: Uint8Array): Promise<void> {
    this.#size += bytes.length;
    if (this.#size <= LARGEST) this.#pieces.push(bytes);
  }

  end(): void {
    this.complete = this.#size <= LARGEST;
  }

  fail(): void {
    this.complete = false;
  }
}

/**
 * A page of the guest as one document without scripts, its styles and pictures within it. It is meant for a frame that
 * allows nothing: what the page itself says about that is not believed.
 */
export async function reducedPage(server: PortServer, path: string, cancelled: AbortSignal): Promise<string> {
  const got = await get(server, path.replace(/#.*$/s, ""), true, cancelled);
  if (got === undefined) return "";
  if (got.type.startsWith("image/")) return `<img src="${dataUrl(got)}">`;
  const page = documentOf(got);
  for (const element of page.querySelectorAll(REMOVED)) element.remove();
  for (const link of page.querySelectorAll("a, area")) link.removeAttribute("href");
  const fetchOne = (url: string): Promise<Got | undefined> => {
    const target = targetOf(url, got.target);
    return target === undefined ? Promise.resolve(undefined) : get(server, target, false, cancelled);
  };
  await Promise.all([
    ...[...page.querySelectorAll<HTMLLinkElement>("link[rel~=stylesheet]")].map(link =>
      inlineStyle(link, fetchOne),
    ),
    ...[...page.querySelectorAll<HTMLImageElement>("img[src]")].map(image => inlineImage(image, fetchOne)),
  ]);
  return page.documentElement.outerHTML;
}

function documentOf({ type, bytes }: Got): Document {
  const text = new TextDecoder().decode(bytes);
  const page = new DOMParser().parseFromString(type === "text/html" ? text : "<pre></pre>", "text/html");
  if (type !== "text/html") page.querySelector("pre")?.append(text);
  return page;
}

async function inlineStyle(link: HTMLLinkElement, fetchOne: (url: string) => Promise<Got | undefined>) {
  const got = await fetchOne(link.getAttribute("href") ?? "");
  if (got === undefined) return link.remove();
  const style = link.ownerDocument.createElement("style");
  style.textContent = new TextDecoder().decode(got.bytes).replaceAll("</", "<\\/");
  return link.replaceWith(style);
}

async function inlineImage(image: HTMLImageElement, fetchOne: (url: string) => Promise<Got | undefined>) {
  image.removeAttribute("srcset");
  const url = image.getAttribute("src") ?? "";
  if (url.startsWith("data:")) return;
  const got = await fetchOne(url);
  if (got === undefined) image.removeAttribute("src");
  else image.src = dataUrl(got);
}

/** What the guest has at `target`, past redirections within the port; undefined where that fails. */
async function get(
  server: PortServer,
  target: string,
  document: boolean,
  cancelled: AbortSignal,
): Promise<Got | undefined> {
  let at = target;
  for (let count = 0; count <= MOST_REDIRECTS; count++) {
    const collected = new Collected(cancelled);
    const headers = [["accept-encoding", "identity"]] as const;
    await server.serve(
      { method: "GET", target: at, headers, body: null, document, cookies: true },
      collected,
    );
    const { answer, bytes, complete } = collected;
    if (answer === undefined || !complete) return undefined;
    const next = REDIRECTS.has(answer.status)
      ? targetOf(headerOf(answer.headers, "location") ?? "", at)
      : undefined;
    if (next === undefined) {
      const type = headerOf(answer.headers, "content-type") ?? "text/plain";
      return { type: type.replace(/;.*$/s, "").trim().toLowerCase(), bytes, target: at };
    }
    at = next;
  }
  return undefined;
}

/** A link of the page at `base` as a target on the same port; undefined where it leads elsewhere. */
function targetOf(url: string, base: string): string | undefined {
  const own = "http://guest.invalid";
  if (!URL.canParse(url, own + base)) return undefined;
  const { origin, pathname, search } = new URL(url, own + base);
  return origin === own ? pathname + search : undefined;
}

function dataUrl({ type, bytes }: Got): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096)
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return `data:${type.replaceAll(/[^\w/+.-]/g, "")};base64,${btoa(text)}`;
}
