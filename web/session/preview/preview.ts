import { type ReadonlySignal, computed, signal } from "@preact/signals";
import type { OpenRequest } from "../../protocol/open-request.ts";
import type { GuestStream } from "../../protocol/stream.ts";
import type { ContainerRow } from "../engine/container-row.ts";
import { BridgeLink, type BridgeObserver, type BridgeWindow, type MessageTarget } from "./bridge-link.ts";
import type { PreviewFailure } from "./failure.ts";
import { PortServer } from "./port-server.ts";
import { type PreviewSite, previewName, previewOrigins } from "./preview-site.ts";
import { type PreviewPort, previewPorts } from "./published-ports.ts";

/** What previews need of the page. */
export interface PreviewOptions {
  readonly open: (request: OpenRequest) => GuestStream;
  /** The machine's containers as they are now. */
  readonly containers: ReadonlySignal<readonly ContainerRow[]>;
  readonly explain: (failure: PreviewFailure, port: number) => string;
  /** Where previews may be shown. */
  readonly site: () => Promise<PreviewSite>;
  /** Which of the playgrounds in this browser this one is. */
  readonly slot: () => Promise<number>;
  /** The playground's window and origin. */
  readonly window: MessageTarget;
  readonly origin: string;
  /** A random text, a new one each time. */
  readonly nonce: () => string;
  readonly later: (milliseconds: number, callback: () => void) => () => void;
}

/** How the preview of a port is: `reduced` where the site has no other origin for it. */
export type PreviewState = "connecting" | "live" | "reduced";

/** What the panel shows. */
export interface ShownPort {
  readonly port: number;
  readonly state: PreviewState;
  /** The frame's address; undefined while that is not known, and for a reduced preview. */
  readonly url: string | undefined;
  /** Which page to show: path, query and fragment. */
  readonly path: string;
}

/** Milliseconds from a frame's load until its script must have said who it is. */
const GRACE = 2000;

/** A tab shows by itself how it is. */
const NOBODY: BridgeObserver = {
  ready: () => undefined,
  at: () => undefined,
  failed: () => undefined,
};

/** Previews of the guest's ports. */
export class Preview {
  /** What containers publish now. */
  readonly ports: ReadonlySignal<readonly PreviewPort[]>;
  readonly #options: PreviewOptions;
  readonly #visible = signal(false);
  readonly #shown = signal<ShownPort | undefined>(undefined);
  readonly #reloads = signal(0);
  /** One for each port, so that its cookies outlast the panel. */
  readonly #servers = new Map<number, PortServer>();
  #link: BridgeLink | undefined;
  /** Origins that have not been tried for what is shown. */
  #untried: string[] = [];
  #owner = "";
  #stopWaiting: () => void = () => undefined;

  constructor(options: PreviewOptions) {
    this.#options = options;
    this.ports = computed(() => previewPorts(options.containers.value));
  }

  /** Whether the panel is there. */
  get visible(): ReadonlySignal<boolean> {
    return this.#visible;
  }

  /** The port in the panel; undefined where one is still to be chosen. */
  get shown(): ReadonlySignal<ShownPort | undefined> {
    return this.#shown;
  }

  /** How often {@link reload} was asked for: what has no frame of its own follows that. */
  get reloads(): ReadonlySignal<number> {
    return this.#reloads;
  }

  /** Opens the panel, for a port to be chosen in. */
  choose(): void {
    this.#end();
    this.#visible.value = true;
  }

  /** Shows a port of the guest. */
  async open(port: number, path = "/"): Promise<void> {
    this.#end();
    this.#visible.value = true;
    this.#shown.value = { port, path, state: "connecting", url: undefined };
    const [site, slot] = await Promise.all([this.#options.site(), this.#options.slot()]);
    if (this.#shown.value?.port !== port) return;
    this.#owner = previewName(port, slot);
    this.#untried = previewOrigins(site, this.#owner, this.#options.origin);
    this.#tryNext();
  }

  close(): void {
    this.#end();
    this.#visible.value = false;
  }

  /** Goes to another path of the port that is shown. */
  go(path: string): void {
    const target = path.startsWith("/") ? path : `/${path}`;
    this.#update({ path: target });
    this.#link?.go(target);
  }

  reload(): void {
    this.#link?.reload();
    this.#reloads.value++;
  }

  /** The frame has begun to load its address. */
  expect(window: BridgeWindow): void {
    this.#link?.expect(window);
  }

  /** The frame has loaded something: if that is no bridge, another origin may have one. */
  loaded(): void {
    const link = this.#link;
    this.#stopWaiting();
    this.#stopWaiting = this.#options.later(GRACE, () => {
      if (link === this.#link && link?.connected === false) this.#tryNext();
    });
  }

  /** Shows the port in a tab that `openTab` makes; undefined from it says that the browser allows none. */
  openTab(openTab: (url: string) => BridgeWindow | undefined): void {
    const shown = this.#shown.value;
    if (shown?.url === undefined) return;
    const { origin } = new URL(shown.url);
    const link = this.#linkTo(origin, shown, NOBODY);
    const tab = openTab(link.url);
    if (tab === undefined) link.close();
    else link.expect(tab);
  }

  /** The server behind a port, for previews and for reduced ones. */
  serverOf(port: number): PortServer {
    const server = this.#servers.get(port) ?? new PortServer(port, this.#options);
    this.#servers.set(port, server);
    return server;
  }

  #tryNext(): void {
    this.#link?.close();
    this.#link = undefined;
    const shown = this.#shown.value;
    const origin = this.#untried.shift();
    if (shown === undefined) return;
    if (origin === undefined) return this.#update({ state: "reduced", url: undefined });
    const link = this.#linkTo(origin, shown, {
      ready: () => this.#update({ state: "live" }),
      at: path => this.#update({ path }),
      failed: () => this.#tryNext(),
    });
    this.#link = link;
    this.#update({ url: link.url });
  }

  #linkTo(origin: string, { port, path }: ShownPort, observer: BridgeObserver): BridgeLink {
    const { window, nonce } = this.#options;
    const server = this.serverOf(port);
    return new BridgeLink({ origin, path, owner: this.#owner, server, window, nonce: nonce(), observer });
  }

  #update(change: Partial<ShownPort>): void {
    const shown = this.#shown.value;
    if (shown !== undefined) this.#shown.value = { ...shown, ...change };
  }

  #end(): void {
    this.#stopWaiting();
    this.#link?.close();
    this.#link = undefined;
    this.#untried = [];
    this.#shown.value = undefined;
  }
}
