import type { LinkError } from "./link-error.ts";
import type { Channel } from "./wire.ts";

/** How a stream ended. */
export type StreamEnd =
  /** A process: its exit code, or the signal that killed it (0 when none did). */
  | { readonly how: "exit"; readonly code: number; readonly signal: number }
  /** A connection that both sides have ended. */
  | { readonly how: "finished" }
  /** It failed, or one side closed it at once. */
  | { readonly how: "reset"; readonly error: LinkError };

/** Who is told what happens on a stream. Called in the order of events, never after `closed`. */
export interface StreamSink {
  /** The stream is there: see {@link GuestStream.opened}. */
  opened?(pid: number): void;
  /** Bytes arrived. Whoever has dealt with them says so by {@link GuestStream.consumed}. */
  data(bytes: Uint8Array, channel: Channel): void;
  /** The guest will send nothing more. */
  ended?(): void;
  /** `bytes` of what was queued by {@link GuestStream.send} have left. */
  sent?(bytes: number): void;
  closed(end: StreamEnd): void;
}

/**
 * A stream between the page and the guest: a process, a connection, or what the guest opened. `LinkStream` is
 * the one at the link, `PortStream` the one on the other side of a worker.
 */
export interface GuestStream {
  /** The process id of a pty or an exec, 0 for others; rejects with a {@link LinkError} when it cannot be. */
  readonly opened: Promise<number>;
  /** Settles when the stream is over; never rejects. */
  readonly closed: Promise<StreamEnd>;
  /** Bytes given to {@link send} that have not left. */
  readonly queued: number;

  /** Sets the one receiver of the stream's events; what came before is delivered at once. */
  attach(sink: StreamSink): void;
  /** Queues bytes to the guest: stdin. They must not change afterwards. Ignored on a stream that is over. */
  send(bytes: Uint8Array): void;
  /** Sends EOF after what is queued. */
  end(): void;
  /** Lets the guest send `bytes` more: the receiver is done with as many. */
  consumed(bytes: number): void;
  /** Sets a terminal's size. */
  resize(rows: number, columns: number): void;
  /** Sends signal `number` to a terminal's foreground process group or to an exec's group. */
  signal(number: number): void;
  /** Ends the stream at once; processes get SIGHUP, connections are reset. */
  reset(error: LinkError): void;
}
