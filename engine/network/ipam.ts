import { EngineError, messageOf } from "../base/errors.ts";
import {
  formatIpAddress,
  formatIpPrefix,
  type IpAddress,
  type IpPrefix,
  maskedPrefix,
  parseIpAddress,
  parseIpPrefix,
} from "../base/ip-prefix.ts";
import { AddressPool } from "./address-pool.ts";
import type { AddressSpace } from "./address-space.ts";
import { type IpamConfig, type Network, prefixOf, type Subnet } from "./network.ts";

type Family = 4 | 6;

function required(text: string): IpAddress {
  const address = parseIpAddress(text);
  if (!address) throw new EngineError("invalid", `invalid IP address: ${text}`);
  return address;
}

function optionalPrefix(text: string | undefined | null): IpPrefix | null {
  return text ? (parseIpPrefix(text) ?? null) : null;
}

/** Takes an address that was asked for by name; `what` says for what. */
function reserveFor(pool: AddressPool, address: string, what: string): void {
  try {
    pool.reserve(required(address));
  } catch (error) {
    throw new EngineError("system", `failed to allocate ${what}: ${messageOf(error)}`, { cause: error });
  }
}

/** Subnets and addresses of all networks. */
export class Ipam {
  readonly #space: AddressSpace;
  readonly #reserved: () => readonly IpPrefix[];
  readonly #pools = new Map<string, AddressPool>();

  /** `reserved` tells what the host uses itself, which no network gets unless a user says so. */
  constructor(space: AddressSpace, reserved: () => readonly IpPrefix[]) {
    this.#space = space;
    this.#reserved = reserved;
  }

  /**
   * Takes a subnet with its gateway and auxiliary addresses for a network. The configuration has been checked
   * (ipam-checks.ts). Nothing is taken when this throws.
   */
  allocate(networkId: string, family: Family, config: IpamConfig, withGateway: boolean): Subnet {
    const asked = optionalPrefix(config.Subnet);
    const range = optionalPrefix(config.IPRange);
    const prefix = asked ? maskedPrefix(asked) : this.#space.allocate(family, this.#reserved());
    if (asked) this.#space.reserve(prefix, range);
    try {
      const pool = new AddressPool(prefix, range);
      const auxiliary = config.AuxiliaryAddresses ?? {};
      const gateway = this.#gateway(pool, config.Gateway ?? "", withGateway);
      for (const [name, address] of Object.entries(auxiliary))
        reserveFor(pool, address, `secondary ip address (${name}:${address})`);
      this.#pools.set(`${networkId}/${family}`, pool);
      return {
        subnet: formatIpPrefix(prefix),
        range: range && formatIpPrefix(maskedPrefix(range)),
        gateway,
        auxiliary,
      };
    } catch (error) {
      this.#space.release(prefix, asked ? range : null);
      throw error;
    }
  }

  /** Takes what a network has had before. */
  restore(network: Network): void {
    for (const [family, subnet] of [
      [4, network.ipv4],
      [6, network.ipv6],
    ] as const) {
      if (!subnet) continue;
      const prefix = prefixOf(subnet.subnet);
      const range = optionalPrefix(subnet.range);
      this.#space.reserve(prefix, range);
      const pool = new AddressPool(prefix, range);
      for (const address of [subnet.gateway, ...Object.values(subnet.auxiliary)])
        if (address) pool.reserve(required(address));
      this.#pools.set(`${network.id}/${family}`, pool);
    }
  }

  /** Gives back all that a network has. */
  release(network: Pick<Network, "id" | "ipv4" | "ipv6">): void {
    for (const [family, subnet] of [
      [4, network.ipv4],
      [6, network.ipv6],
    ] as const) {
      this.#pools.delete(`${network.id}/${family}`);
      if (subnet) this.#space.release(prefixOf(subnet.subnet), optionalPrefix(subnet.range));
    }
  }

  /**
   * Takes an address for a container: the one it needs, or the one it would like if that is free, or the lowest.
   * Throws in Docker's words.
   */
  requestAddress(network: Network, family: Family, wish: { need?: string; like?: string }): string {
    const pool = this.#pools.get(`${network.id}/${family}`);
    if (!pool)
      throw new EngineError(
        "system",
        `no IPv${family} information available for endpoint on ${network.name}`,
      );
    if (wish.need) {
      pool.reserve(required(wish.need));
      return wish.need;
    }
    const liked = wish.like ? parseIpAddress(wish.like) : undefined;
    if (liked && pool.isFree(liked)) {
      pool.reserve(liked);
      return formatIpAddress(liked);
    }
    const address = pool.allocate();
    if (address) return formatIpAddress(address);
    throw new EngineError(
      "system",
      `no available IPv${family} addresses on this network's address pools: ${network.name} (${network.id})`,
    );
  }

  /** Gives a container's address back; what belongs to no network any more is fine. */
  releaseAddress(networkId: string, address: string): void {
    const parsed = parseIpAddress(address);
    if (parsed) this.#pools.get(`${networkId}/${parsed.family}`)?.release(parsed);
  }

  #gateway(pool: AddressPool, asked: string, wanted: boolean): string | null {
    if (asked) {
      reserveFor(pool, asked, `gateway (${asked})`);
      return asked;
    }
    if (!wanted) return null;
    const address = pool.allocate();
    if (address) return formatIpAddress(address);
    throw new EngineError("system", "failed to allocate gateway (): no available addresses on this pool");
  }
}
