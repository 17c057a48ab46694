import {
  type ChannelMessage,
  type FromBridge,
  type Hello,
  SIGNATURE,
  type ToBridge,
  type Welcome,
} from "../messages.ts";
import { PLACES } from "../places.ts";
import { clearForOwner } from "./storage.ts";

/**
 * The page between a playground and the previewed pages: it starts the service worker, gets channels to the playground
 * for it, and shows the guest's pages in a frame. Those have the same origin and may do with it what they like, so it
 * has nothing that they must not have.
 */
export class Bridge {
  readonly #window: Window & typeof globalThis;
  readonly #frame: HTMLIFrameElement;
  #control: MessagePort | undefined;

  constructor(window: Window & typeof globalThis) {
    this.#window = window;
    this.#frame = window.document.createElement("iframe");
  }

  /** Connects to whoever has loaded this page, if that is a playground which this origin knows. */
  async start(): Promise<void> {
    const { location, document } = this.#window;
    const playground = playgroundOf(this.#window);
    if (playground === undefined) return this.#explain("Previews of the playground's ports appear here.");
    // On the playground's own origin, a page shown by this one would be a part of the playground.
    if (location.pathname !== PLACES.bridge)
      return this.#explain("A preview must lie at the root of an origin of its own.");
    const nonce = location.hash.slice(1);
    const known = await knownPlaygrounds();
    if (known === undefined) return this.#explain(`${PLACES.playgrounds} is missing on this host.`);
    const { welcome, port } = await this.#meet(playground, nonce, known);
    this.#window.opener = null; // from now on pages are shown that must not reach it
    this.#control = port;
    port.addEventListener("message", ({ data, ports }: MessageEvent<ToBridge>) => this.#obey(data, ports));
    port.start();
    try {
      await clearForOwner(welcome.owner, this.#window);
      await this.#startWorker();
    } catch (error) {
      return this.#say({ type: "failed", reason: error instanceof Error ? error.message : String(error) });
    }
    this.#say({ type: "ready" });
    this.#frame.addEventListener("load", () => this.#tellPlace());
    this.#go(welcome.path);
    document.body.replaceChildren(this.#frame);
  }

  #meet(
    playground: Window,
    nonce: string,
    known: readonly string[],
  ): Promise<{ welcome: Welcome; port: MessagePort }> {
    return new Promise(resolve => {
      const listen = ({ data, source, origin, ports }: MessageEvent<Partial<Welcome> | null>): void => {
        const [port] = ports;
        if (source !== playground || data?.signature !== SIGNATURE || data.nonce !== nonce) return;
        const { path, owner } = data;
        if (port === undefined || path === undefined || owner === undefined) return;
        if (known.includes(origin)) resolve({ welcome: { signature: SIGNATURE, nonce, path, owner }, port });
        else this.#explain(`${origin} is not among the playgrounds of this preview.`);
      };
      this.#window.addEventListener("message", listen);
      const hello: Hello = { signature: SIGNATURE, nonce };
      playground.postMessage(hello, "*"); // it says nothing that its receiver does not know
    });
  }

  async #startWorker(): Promise<void> {
    const { serviceWorker } = this.#window.navigator;
    if (serviceWorker === undefined) throw new Error("this browser allows no service worker here");
    serviceWorker.addEventListener("message", ({ data }: MessageEvent<Partial<ChannelMessage> | null>) => {
      if (data?.signature === SIGNATURE) this.#say({ type: "channel" });
    });
    serviceWorker.startMessages();
    await serviceWorker.register(PLACES.worker, { scope: "/", updateViaCache: "none" });
    await serviceWorker.ready;
  }

  #obey(message: ToBridge, ports: readonly MessagePort[]): void {
    switch (message.type) {
      case "channel":
        void this.#passOn(ports);
        break;
      case "go":
        this.#go(message.path);
        break;
      case "reload":
        this.#frame.contentWindow?.location.reload();
        break;
    }
  }

  async #passOn(ports: readonly MessagePort[]): Promise<void> {
    const { active } = await this.#window.navigator.serviceWorker.ready;
    const message: ChannelMessage = { signature: SIGNATURE, type: "channel" };
    active?.postMessage(message, [...ports]);
  }

  #go(path: string): void {
    const url = new URL(path, this.#window.location.origin);
    if (url.origin === this.#window.location.origin) this.#frame.src = url.href;
  }

  #tellPlace(): void {
    try {
      const { location, document } = this.#frame.contentWindow ?? this.#window;
      this.#window.document.title = document.title || "Drydock preview";
      this.#say({ type: "at", path: location.pathname + location.search + location.hash });
    } catch {
      // A page of another origin: the playground keeps the last path of this one.
    }
  }

  #say(message: FromBridge): void {
    this.#control?.postMessage(message);
  }

  #explain(text: string): void {
    const paragraph = this.#window.document.createElement("p");
    paragraph.textContent = text;
    this.#window.document.body.replaceChildren(paragraph);
  }
}

/** Whoever has put this page into a frame or opened it as a tab. */
function playgroundOf(window: Window): Window | undefined {
  const opener: Window | null = window.opener;
  if (opener !== null) return opener;
  return window.parent === window ? undefined : window.parent;
}

/** The origins that may use this one; undefined where the file that says so is missing or makes no sense. */
async function knownPlaygrounds(): Promise<readonly string[] | undefined> {
  try {
    const response = await fetch(PLACES.playgrounds, { cache: "no-cache" });
    const { origins }: { origins: readonly string[] } = await response.json();
    return Array.isArray(origins) ? origins : undefined;
  } catch {
    return undefined;
  }
}
