import { EngineError } from "../base/errors.ts";

/** First and last port, both included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Where Docker looks for free ports when the kernel tells of no range of its own. */
const FALLBACK: PortRange = { first: 49153, last: 65535 };

/** The kernel's range for ports that nobody chose (ip(7), ip_local_port_range), from its file. */
export function parseDynamicRange(text: string): PortRange {
  const [, first, last] = /^(\d+)\s+(\d+)\s*$/.exec(text) ?? [];
  return first === undefined || last === undefined ? FALLBACK : { first: Number(first), last: Number(last) };
}

/** Which ports of the host's addresses are published. */
export class PortAllocator {
  readonly #dynamic: PortRange;
  /** "tcp 0.0.0.0:80" */
  readonly #taken = new Set<string>();
  /** The last port that was found in a range of an address, "tcp 0.0.0.0 8000-9000". */
  readonly #latest = new Map<string, number>();

  /** `dynamic` is for those who ask for no port in particular. */
  constructor(dynamic: PortRange) {
    this.#dynamic = dynamic;
  }

  /**
   * Takes one port at several addresses: the one that a range consists of, or the next free one of it, or one of the
   * dynamic range where it is null. Throws "conflict" where none is free, in Docker's words.
   */
  take(addresses: readonly string[], protocol: string, range: PortRange | null): number {
    if (range && range.first === range.last) return this.#takeOne(addresses, protocol, range.first);
    const { first, last } = range ?? this.#dynamic;
    const key = `${protocol} ${addresses[0] ?? ""} ${first}-${last}`;
    const count = last - first + 1;
    const latest = this.#latest.get(key) ?? last;
    for (let step = 1; step <= count; step++) {
      const port = first + ((latest - first + step) % count);
      if (addresses.some(address => this.#taken.has(keyOf(address, protocol, port)))) continue;
      this.#latest.set(key, port);
      return this.#takeOne(addresses, protocol, port);
    }
    throw new EngineError("conflict", "all ports are allocated");
  }

  /** A port that is free is fine. */
  release(address: string, protocol: string, port: number): void {
    this.#taken.delete(keyOf(address, protocol, port));
  }

  #takeOne(addresses: readonly string[], protocol: string, port: number): number {
    const taken = addresses.find(address => this.#taken.has(keyOf(address, protocol, port)));
    if (taken !== undefined)
      throw new EngineError("conflict", `Bind for ${taken}:${port} failed: port is already allocated`);
    for (const address of addresses) this.#taken.add(keyOf(address, protocol, port));
    return port;
  }
}

function keyOf(address: string, protocol: string, port: number): string {
  return `${protocol} ${address}:${port}`;
}
