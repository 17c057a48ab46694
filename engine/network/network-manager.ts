import { EngineError, messageOf } from "../base/errors.ts";
import type { Bytes } from "../sys/bytes.ts";
import type { Clock } from "../sys/clock.ts";
import type { Bridges } from "./bridges.ts";
import type { Endpoints } from "./endpoints.ts";
import type { Firewall, OwnedRules } from "./firewall.ts";
import type { Ipam } from "./ipam.ts";
import { isBridgeNetwork, isPredefined, type Network, type Subnet } from "./network.ts";
import type { NetworkIndex } from "./network-index.ts";
import { bridgeOptions, checkRequest, type NetworkRequest, subnetConfig } from "./network-request.ts";
import type { NetworkStore } from "./network-store.ts";
import { networkRules, type RuleMode } from "./rules.ts";

/** What networks are made of. */
export interface ManagerParts {
  readonly bytes: Bytes;
  readonly clock: Clock;
  readonly index: NetworkIndex;
  readonly store: NetworkStore;
  readonly ipam: Ipam;
  readonly bridges: Bridges;
  readonly endpoints: Endpoints;
  readonly firewall: Firewall;
  readonly mode: RuleMode;
}

/** Makes and removes networks: subnet, bridge, rules and record together. */
export class NetworkManager {
  readonly #parts: ManagerParts;

  constructor(parts: ManagerParts) {
    this.#parts = parts;
  }

  get index(): NetworkIndex {
    return this.#parts.index;
  }

  /** Makes a network. Nothing of it is left when that fails. */
  async create(request: NetworkRequest): Promise<Network> {
    const { store, index, firewall, mode } = this.#parts;
    const network = this.#design(request);
    index.set(network); // its name is taken from here on
    try {
      store.save(network);
      if (isBridgeNetwork(network)) this.#parts.bridges.setUp(network);
      await firewall.apply([[network.id, networkRules(network, mode)]]);
      const ready: Network = { ...network, stage: "ready" };
      store.save(ready);
      index.set(ready);
      return ready;
    } catch (error) {
      await this.#takeDown(network);
      throw error;
    }
  }

  /** Removes a network that nobody is in. Throws "forbidden" where it is one of Docker's own, or used. */
  async remove(network: Network): Promise<void> {
    const { endpoints, store, index } = this.#parts;
    if (isPredefined(network.name))
      throw new EngineError("forbidden", `${network.name} is a pre-defined network and cannot be removed`);
    const users = endpoints.of(network).map(({ id, name }) => `name:"${name}" id:"${id.slice(0, 12)}"`);
    if (users.length > 0) {
      const why = `network ${network.name} has active endpoints (${users.join(", ")})`;
      throw new EngineError("forbidden", `error while removing network: ${why}`);
    }
    const leaving: Network = { ...network, stage: "removing" };
    store.save(leaving); // a crash from here on ends in the removal's completion
    index.delete(network.id);
    await this.#takeDown(network);
  }

  /**
   * Takes up the networks that an earlier daemon has left: finishes removals, rolls back what was never made whole, and
   * sees to it that the others have their bridges. Returns their rules.
   */
  restore(report: (problem: string) => void): OwnedRules[] {
    const { store, index, ipam, bridges, mode } = this.#parts;
    const rules: OwnedRules[] = [];
    for (const network of store.load(report)) {
      try {
        if (network.stage !== "ready") {
          if (network.bridge) bridges.remove(network.bridge.name);
          store.remove(network.id);
          continue;
        }
        ipam.restore(network);
        index.set(network);
        if (isBridgeNetwork(network)) bridges.setUp(network);
        rules.push([network.id, networkRules(network, mode)]);
      } catch (error) {
        report(`failed to restore network ${network.name}: ${messageOf(error)}`);
      }
    }
    return rules;
  }

  /** Forgets a network whose configuration is to be another now, with its bridge. */
  discard(network: Network): void {
    const { store, index, ipam, bridges } = this.#parts;
    index.delete(network.id);
    ipam.release(network);
    if (network.bridge) bridges.remove(network.bridge.name);
    store.remove(network.id);
  }

  #design(request: NetworkRequest): Network {
    const { bytes, clock, index, ipam } = this.#parts;
    const driver = checkRequest(request, index);
    const id = bytes.randomHex(32);
    const bridge = driver === "bridge" ? bridgeOptions(id, request, index.all()) : null;
    const { name, enableIPv4, enableIPv6, internal, attachable, options, labels } = request;
    const subnet = (family: 4 | 6, enabled: boolean): Subnet | null => {
      if (!bridge || !enabled) return null;
      const mode = family === 4 ? bridge.modeIPv4 : bridge.modeIPv6;
      return ipam.allocate(id, family, subnetConfig(request.ipam.config, family), mode !== "isolated");
    };
    const ipv4 = subnet(4, enableIPv4);
    let ipv6: Subnet | null;
    try {
      ipv6 = subnet(6, enableIPv6);
    } catch (error) {
      ipam.release({ id, ipv4, ipv6: null });
      throw error;
    }
    const created = clock.timestamp();
    const given = request.ipam;
    const ipamRecord = { driver: given.driver || "default", options: given.options, config: given.config };
    const flags = { enableIPv4, enableIPv6, internal, attachable };
    return {
      id,
      name,
      created,
      stage: "creating",
      driver,
      ...flags,
      ipam: ipamRecord,
      ipv4,
      ipv6,
      options,
      labels,
      bridge,
    };
  }

  /** Removes all that a network consists of; its record last. */
  async #takeDown(network: Network): Promise<void> {
    const { firewall, bridges, ipam, store, index } = this.#parts;
    index.delete(network.id);
    await firewall.apply([[network.id, []]]);
    if (network.bridge) bridges.remove(network.bridge.name);
    ipam.release(network);
    store.remove(network.id);
  }
}
