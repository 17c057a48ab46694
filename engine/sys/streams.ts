import type { Disposable } from "./files.ts";

/** One end of a byte stream: a socket, a pipe, a terminal. */
export interface Connection {
  /** The descriptor, for relays and for handing on. */
  readonly fd: number;
  /** Waits for bytes and reads them into the buffer; 0 at the end of the stream. */
  read(buffer: Uint8Array): Promise<number>;
  /** Resolves when all is written; what waits longest is written first. */
  write(data: Uint8Array | string): Promise<void>;
  /** Tells the other side that no more will come. */
  closeWrite(): void;
  /** Ends both directions; safe to repeat. */
  close(): void;
  /** Gives up the descriptor without closing it, and returns it. */
  detach(): number;
  /** Calls back when the other side has hung up, while nobody reads. */
  onHangUp(callback: () => void): Disposable;
}

/** Something that accepts connections. */
export interface Listener extends Disposable {
  /** Where it listens: an address and port, or a path. */
  readonly address: { readonly address?: string; readonly port?: number; readonly path?: string };
}

/** A port that is taken, for another process to serve. */
export interface BoundPort {
  readonly fd: number;
  readonly port: number;
  /** Lets connections queue; nothing for datagrams. */
  listen(): void;
  /** Gives our hold of it up. */
  close(): void;
}

/** Unix and TCP sockets, and pipes. */
export interface Sockets {
  /** Replaces a stale socket file. `mode` is of the file. */
  listenUnix(path: string, mode: number, accept: (connection: Connection) => void): Listener;
  connectUnix(path: string): Connection;
  listenTcp(address: string, port: number, accept: (connection: Connection) => void): Listener;
  /** `address` is numeric. */
  connectTcp(address: string, port: number): Promise<Connection>;
  /** Two ends joined to each other. */
  pair(): [Connection, Connection];
  /** A descriptor received from elsewhere. */
  adopt(fd: number): Connection;
  /** Sends text together with descriptors (unix(7), SCM_RIGHTS); for short messages on a fresh socket. */
  sendWithFds(connection: Connection, text: string, fds: readonly number[]): void;
  /**
   * Takes a port of a transport protocol ("tcp", "udp", "sctp"); 0 takes any. IPv6 is for itself alone. Datagrams tell
   * the address that they were sent to (ip(7), IP_PKTINFO).
   */
  bindPort(protocol: string, address: string, port: number): BoundPort;
  /** Answers datagrams at an address of the network namespace at a path. */
  listenUdp(
    place: { readonly namespace: string; readonly address: string; readonly port: number },
    receive: (datagram: Uint8Array, reply: (data: Uint8Array) => void) => void,
  ): Listener;
  /** Sends one datagram and waits for an answer; null when none came in time. */
  exchangeUdp(
    address: string,
    port: number,
    query: Uint8Array,
    timeoutMs: number,
  ): Promise<Uint8Array | null>;
}

/** How a relay ended: the source ended, the detach keys came, or one side failed. */
export type RelayEnd = "end" | "detach" | RelayFailure;

export interface RelayFailure {
  readonly side: "read" | "write";
  /** "EPIPE" */
  readonly code: string;
  /** "broken pipe" */
  readonly reason: string;
}

/** A copy under way. */
export interface Relay {
  readonly ended: Promise<RelayEnd>;
  /** Ends it now; `ended` never resolves then. */
  stop(): void;
  pause(paused: boolean): void;
}

/** Copies between descriptors without passing through JavaScript. */
export interface Relays {
  /**
   * Copies until the source ends. With `errors`, the source is Docker's stdcopy frames: stream 2 goes there and
   * the rest to `to`. Keys found in the source end the relay. `early` is what was read from the source, a socket,
   * before; at most 32 KiB.
   */
  relay(
    from: number,
    to: number,
    options?: { errors?: number; detachKeys?: Uint8Array; early?: Uint8Array },
  ): Relay;
}
