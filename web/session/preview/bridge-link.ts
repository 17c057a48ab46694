import { type Hello, SIGNATURE, type ToBridge, type Welcome } from "../../preview/messages.ts";
import { PLACES } from "../../preview/places.ts";
import type { PortServer } from "./port-server.ts";
import { checkedPath, isRecord } from "./request-check.ts";

/** A message to the playground's window, from whatever window. */
export interface WindowMessage {
  readonly data: unknown;
  readonly source: unknown;
  readonly origin: string;
}

/** The part of the playground's window that is used. */
export interface MessageTarget {
  addEventListener(type: "message", listener: (event: WindowMessage) => void): void;
  removeEventListener(type: "message", listener: (event: WindowMessage) => void): void;
}

/** The part of the bridge's window that is used. */
export interface BridgeWindow {
  postMessage(message: unknown, targetOrigin: string, transfer: Transferable[]): void;
}

/** Who is told what becomes of a preview. */
export interface BridgeObserver {
  /** It can show pages. */
  ready(): void;
  /** It shows another path: what the preview says, which may be a lie. */
  at(path: string): void;
  failed(): void;
}

export interface BridgeOptions {
  /** Where the bridge lies. */
  readonly origin: string;
  /** What to show first. */
  readonly path: string;
  /** Tells this preview from others which the origin may have had. */
  readonly owner: string;
  /** What the preview may talk to. */
  readonly server: PortServer;
  readonly window: MessageTarget;
  /** Random, and used for this link alone. */
  readonly nonce: string;
  readonly observer: BridgeObserver;
}

/**
 * The playground's end of one bridge. It speaks with the one window that it was given, if that comes from the right
 * origin and knows the nonce, once; then over a port that only that window has got.
 */
export class BridgeLink {
  /** The address to load into a frame or a tab. */
  readonly url: string;
  readonly #options: BridgeOptions;
  #peer: BridgeWindow | undefined;
  #control: MessagePort | undefined;
  #endChannel: () => void = () => undefined;
  readonly #listen = (event: WindowMessage): void => this.#greet(event);

  constructor(options: BridgeOptions) {
    this.#options = options;
    this.url = `${options.origin}${PLACES.bridge}#${options.nonce}`;
    options.window.addEventListener("message", this.#listen);
  }

  get connected(): boolean {
    return this.#control !== undefined;
  }

  /** Sets the window that loads {@link url}. */
  expect(peer: BridgeWindow): void {
    this.#peer = peer;
  }

  go(path: string): void {
    this.#say({ type: "go", path });
  }

  reload(): void {
    this.#say({ type: "reload" });
  }

  /** Ends the preview: whatever it still does, nobody answers. */
  close(): void {
    this.#options.window.removeEventListener("message", this.#listen);
    this.#endChannel();
    this.#control?.close();
  }

  #greet({ data, source, origin }: WindowMessage): void {
    const { nonce, path, owner, window } = this.#options;
    if (this.#peer === undefined || source !== this.#peer || origin !== this.#options.origin) return;
    if (!isRecord(data)) return;
    const hello: Partial<Record<keyof Hello, unknown>> = data;
    if (hello.signature !== SIGNATURE || hello.nonce !== nonce) return;
    window.removeEventListener("message", this.#listen);
    const { port1, port2 } = new MessageChannel();
    this.#control = port1;
    port1.addEventListener("message", event => this.#take(event.data));
    port1.start();
    const welcome: Welcome = { signature: SIGNATURE, nonce, path, owner };
    this.#peer.postMessage(welcome, origin, [port2]);
  }

  /** Takes what should be a `FromBridge`. */
  #take(data: unknown): void {
    if (!isRecord(data)) return;
    const { observer } = this.#options;
    const type: unknown = data["type"];
    switch (type) {
      case "channel":
        this.#giveChannel();
        break;
      case "ready":
        observer.ready();
        break;
      case "at": {
        const path = checkedPath(data["path"]);
        if (path !== undefined) observer.at(path);
        break;
      }
      case "failed":
        observer.failed();
        break;
    }
  }

  /** A worker that has been started again has lost its channel: the bridge gets another one in its place. */
  #giveChannel(): void {
    this.#endChannel();
    const { port1, port2 } = new MessageChannel();
    this.#endChannel = this.#options.server.accept(port1);
    this.#say({ type: "channel" }, [port2]);
  }

  #say(message: ToBridge, transfer: Transferable[] = []): void {
    this.#control?.postMessage(message, transfer);
  }
}
