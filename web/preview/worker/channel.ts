import { type Deferred, deferred } from "../../protocol/deferred.ts";
import { type ChannelMessage, SIGNATURE } from "../messages.ts";
import { PLACES } from "../places.ts";

/** Milliseconds for which a bridge may keep the worker waiting: it shares its thread with pages of the guest. */
const PATIENCE = 10_000;

interface Channel {
  readonly port: MessagePort;
  /** The bridge's: a channel is dead when its bridge has gone. */
  readonly bridge: string;
}

/**
 * The worker's way to the playground. Browsers end an idle worker and start it again when it is needed, without all
 * that it knew: then it asks a bridge for a new channel.
 */
export class ChannelSource {
  readonly #clients: Clients;
  #channel: Channel | undefined;
  #asking: Deferred<void> | undefined;

  constructor(clients: Clients) {
    this.#clients = clients;
  }

  /** For a message to the worker: a channel that a bridge has sent. */
  take(event: ExtendableMessageEvent): void {
    const { source, ports } = event;
    const [port] = ports;
    const data: Partial<ChannelMessage> | null = event.data;
    if (data?.signature !== SIGNATURE || port === undefined) return;
    if (!(source instanceof WindowClient) || !isBridge(source)) return;
    this.#channel?.port.close();
    this.#channel = { port, bridge: source.id };
    this.#asking?.resolve();
    this.#asking = undefined;
  }

  /** A port that takes requests; undefined where no playground is connected. */
  async open(): Promise<MessagePort | undefined> {
    if (this.#channel !== undefined && (await this.#clients.get(this.#channel.bridge)) !== undefined)
      return this.#channel.port;
    this.#channel = undefined;
    this.#asking ??= deferred<void>();
    const answered = this.#asking.promise;
    if (!(await this.#ask())) return undefined;
    await Promise.race([answered, new Promise(resolve => setTimeout(resolve, PATIENCE))]);
    return this.#current();
  }

  #current(): MessagePort | undefined {
    return this.#channel?.port;
  }

  async #ask(): Promise<boolean> {
    const windows = await this.#clients.matchAll({ type: "window", includeUncontrolled: true });
    const bridges = windows.filter(isBridge);
    const message: ChannelMessage = { signature: SIGNATURE, type: "channel" };
    for (const bridge of bridges) bridge.postMessage(message, []);
    return bridges.length > 0;
  }
}

function isBridge(client: Client): boolean {
  return new URL(client.url).pathname === PLACES.bridge;
}
