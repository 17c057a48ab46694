import { EngineError } from "../base/errors.ts";
import type { Network } from "./network.ts";

/** All networks, by id and by name. */
export class NetworkIndex {
  readonly #byId = new Map<string, Network>();

  /** In the order of their making. */
  all(): Network[] {
    return [...this.#byId.values()];
  }

  get(id: string): Network | undefined {
    return this.#byId.get(id);
  }

  byName(name: string): Network | undefined {
    for (const network of this.#byId.values()) if (network.name === name) return network;
    return undefined;
  }

  /** Throws "conflict" where another has the name. */
  checkFree(name: string): void {
    if (this.byName(name)) throw new EngineError("conflict", `network with name ${name} already exists`);
  }

  /** Adds one, or takes its new state. */
  set(network: Network): void {
    this.#byId.set(network.id, network);
  }

  delete(id: string): void {
    this.#byId.delete(id);
  }

  /** By whole id, by name, or by the start of an id. Throws "not-found", or "invalid" where several match. */
  find(wanted: string): Network {
    const exact = this.#byId.get(wanted) ?? this.byName(wanted);
    if (exact) return exact;
    const matches = wanted === "" ? [] : this.all().filter(({ id }) => id.startsWith(wanted));
    if (matches.length > 1) {
      const count = `${matches.length} matches found based on ID prefix`;
      throw new EngineError("invalid", `network ${wanted} is ambiguous (${count})`);
    }
    const [match] = matches;
    if (match) return match;
    throw new EngineError("not-found", `network ${wanted} not found`);
  }
}
