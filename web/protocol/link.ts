import { type ControlMessage, decodeControl, encodeControl } from "./control-message.ts";
import { type Deferred, deferred } from "./deferred.ts";
import { FrameParser } from "./frame-parser.ts";
import { LinkError } from "./link-error.ts";
import { LinkStream, type StreamNature, type StreamOwner } from "./link-stream.ts";
import { type GuestOpen, type OpenRequest, decodeGuestOpen, encodeOpen } from "./open-request.ts";
import { Outbox } from "./outbox.ts";
import type { GuestStream } from "./stream.ts";
import { toHex } from "./text.ts";
import { CHUNK_SIZE, type Channel, FrameType, PROTOCOL_VERSION, decodeU32, encodeFrame } from "./wire.ts";

/** One of the guest's raw ports. */
export interface Port {
  /** Hands a chunk of at most 4,096 bytes to the guest, which has taken them when this returns. */
  send(chunk: Uint8Array): void;
  /** Sets who gets what the guest writes: bytes that do not change any more. */
  onData(callback: (chunk: Uint8Array) => void): void;
}

/** What a {@link Link} needs of its surroundings. */
export interface LinkOptions {
  /** Port 1. */
  readonly data: Port;
  /** Port 2. */
  readonly control: Port;
  /** The host name and number that the guest shall have. */
  readonly identity: { readonly hostname: string; readonly node: number };
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** That many random bytes. */
  readonly random: (bytes: number) => Uint8Array;
  /** Calls back once after some milliseconds; returns what calls that off. */
  readonly later: (milliseconds: number, callback: () => void) => () => void;
  /** Milliseconds to wait for an answer to a hello before another one is sent: twice as many each time. */
  readonly patience: number;
  readonly onState?: (state: LinkState) => void;
}

/** Serves a stream that the guest opened. Resetting the stream refuses it. */
export type GuestStreamHandler = (open: GuestOpen, stream: GuestStream) => void;

/**
 * - `waiting`: for the agent to show itself;
 * - `greeting`: a hello is on its way;
 * - `live`: streams flow;
 * - `closed`: for good.
 */
export type LinkState = "waiting" | "greeting" | "live" | "closed";

const STREAM_NUMBERS = 65536;

/** The page's end of the link to one guest: the handshake, and the table of streams. */
export class Link implements StreamOwner {
  readonly outbox: Outbox;
  readonly #options: LinkOptions;
  readonly #parser: FrameParser;
  readonly #streams = new Map<number, LinkStream>();
  #state: LinkState = "waiting";
  #live: Deferred<void> = deferred();
  #epoch = "";
  #stopWaiting: () => void = () => undefined;
  #lastNumber = -1;
  #guestStream: GuestStreamHandler = (_open, stream) =>
    stream.reset(new LinkError("ECONNREFUSED", "nobody serves the guest's streams"));

  constructor(options: LinkOptions) {
    this.#options = options;
    this.outbox = new Outbox(chunk => options.data.send(chunk));
    this.#parser = new FrameParser({
      data: (number, channel, bytes) => this.#takeData(number, channel, bytes),
      frame: (type, number, payload) => this.#takeFrame(type, number, payload),
      malformed: () => this.greet(),
    });
    // Until the guest has answered, what it writes belongs to an earlier page's streams.
    options.data.onData(chunk => {
      if (this.#state === "live") this.#parser.push(chunk);
    });
    options.control.onData(chunk => this.#takeControl(decodeControl(chunk)));
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Resolves when the link is live, at once if it is; rejects with a {@link LinkError} when it is closed. */
  get live(): Promise<void> {
    return this.#live.promise;
  }

  /** Sets who serves the streams that the guest opens. */
  onGuestStream(handler: GuestStreamHandler): void {
    this.#guestStream = handler;
  }

  /**
   * Sends a hello, again and again until it is answered: for a guest that is known to run an agent, as a
   * restored one is. A booting guest must be waited for, since its device may not be there to take a message.
   * Every stream of a live link ends; what was opened on one that is not live waits on.
   */
  greet(): void {
    if (this.#state === "closed") return;
    if (this.#state === "live") {
      this.#live = deferred();
      this.#dropStreams(new LinkError("ECONNRESET", "the link to the guest began anew"));
    }
    this.#enter("greeting");
    this.#sayHello(this.#options.patience);
  }

  /** Opens a stream; on a link that is not live yet, as soon as it is. */
  open(request: OpenRequest): LinkStream {
    if (this.#state === "closed") throw new LinkError("ENOTCONN", "the link is closed");
    const process = request.kind === "pty" || request.kind === "exec";
    const stream = this.#add({ number: this.#freeNumber(), openedBy: "page", process });
    this.outbox.put(encodeFrame(FrameType.open, stream.nature.number, encodeOpen(request)));
    return stream;
  }

  /** Ends every stream and the link. */
  close(error: LinkError): void {
    if (this.#state === "closed") return;
    this.#enter("closed");
    this.#stopWaiting();
    this.#dropStreams(error);
    this.#live.promise.catch(() => undefined);
    this.#live.reject(error);
  }

  release(stream: LinkStream): void {
    const { number } = stream.nature;
    if (this.#streams.get(number) === stream) this.#streams.delete(number);
  }

  #enter(state: LinkState): void {
    this.#state = state;
    this.#options.onState?.(state);
  }

  #add(nature: StreamNature): LinkStream {
    const stream = new LinkStream(this, nature);
    this.#streams.set(nature.number, stream);
    return stream;
  }

  #freeNumber(): number {
    let tries = 0;
    do {
      this.#lastNumber = (this.#lastNumber + 2) % STREAM_NUMBERS;
      if (++tries > STREAM_NUMBERS / 2) throw new LinkError("EMFILE", "too many streams");
    } while (this.#streams.has(this.#lastNumber));
    return this.#lastNumber;
  }

  #dropStreams(error: LinkError): void {
    this.outbox.hold();
    const streams = [...this.#streams.values()];
    this.#streams.clear();
    for (const stream of streams) stream.drop(error);
  }

  #sayHello(patience: number): void {
    const { identity, now, random, later, control } = this.#options;
    this.#stopWaiting();
    this.#epoch = toHex(random(8));
    const fields = {
      epoch: this.#epoch,
      time: String(Math.round(now())),
      hostname: identity.hostname,
      node: String(identity.node),
      seed: toHex(random(32)),
    };
    const message = encodeControl({ verb: "hello", fields });
    if (message.length > CHUNK_SIZE) throw new RangeError("a hello must fit into one chunk");
    // A guest that always takes longer than this would answer the hello before the last, for ever.
    this.#stopWaiting = later(patience, () => this.#sayHello(2 * patience));
    control.send(message);
  }

  #takeControl(message: ControlMessage): void {
    if (this.#state === "closed") return;
    if (message.verb === "hello-please") this.greet();
    else if (message.verb === "ready" && message.fields["epoch"] === this.#epoch) this.#takeReady(message);
  }

  #takeReady(message: ControlMessage): void {
    if (this.#state !== "greeting") return;
    const version = Number(message.fields["version"]);
    if (version !== PROTOCOL_VERSION) {
      const text = `the guest speaks version ${version} of the link, this page version ${PROTOCOL_VERSION}`;
      this.close(new LinkError("EPROTO", text));
      return;
    }
    this.#stopWaiting();
    this.#parser.reset();
    this.#enter("live");
    this.outbox.open();
    this.#live.resolve();
  }

  #takeData(number: number, channel: Channel, bytes: Uint8Array): void {
    this.#streams.get(number)?.takeData(channel, bytes);
  }

  #takeFrame(type: number, number: number, payload: Uint8Array): void {
    if (type === FrameType.credit) this.outbox.credit(decodeU32(payload));
    else if (type === FrameType.open) this.#takeOpen(number, payload);
    else this.#streams.get(number)?.takeFrame(type, payload);
  }

  #takeOpen(number: number, payload: Uint8Array): void {
    const stream = this.#add({ number, openedBy: "guest", process: false });
    const open = decodeGuestOpen(payload);
    if (open === undefined) stream.reset(new LinkError("EPROTONOSUPPORT", "an unknown kind of stream"));
    else this.#guestStream(open, stream);
    if (!stream.over) this.outbox.put(encodeFrame(FrameType.opened, number));
  }
}
