import { EngineError } from "../base/errors.ts";
import {
  addressAfter,
  addressBits,
  formatIpPrefix,
  type IpPrefix,
  lastAddress,
  maskedPrefix,
  parseIpPrefix,
  prefixContains,
  prefixesOverlap,
} from "../base/ip-prefix.ts";

/** A range of addresses that is handed out in subnets of one size (`default-address-pools`). */
export interface PoolTemplate {
  readonly base: IpPrefix;
  /** Bits of the subnets. */
  readonly size: number;
}

/** Docker's own default pools. */
const DEFAULTS = [
  ["172.17.0.0/16", 16],
  ["172.18.0.0/16", 16],
  ["172.19.0.0/16", 16],
  ["172.20.0.0/14", 16],
  ["172.24.0.0/14", 16],
  ["172.28.0.0/14", 16],
  ["192.168.0.0/16", 20],
] as const;

/** Throws "invalid" where the base is no prefix or the subnets do not fit in. */
export function poolTemplate(base: string, size: number): PoolTemplate {
  const prefix = parseIpPrefix(base);
  if (!prefix) throw new EngineError("invalid", `invalid address pool: ${base}`);
  if (!Number.isInteger(size) || size < prefix.bits || size > addressBits(prefix.address.family))
    throw new EngineError(
      "invalid",
      `invalid address pool: ${base} cannot be split into subnets of size ${size}`,
    );
  return { base: maskedPrefix(prefix), size };
}

export function defaultTemplates(): PoolTemplate[] {
  return DEFAULTS.map(([base, size]) => poolTemplate(base, size));
}

const OVERLAP = "invalid pool request: Pool overlaps with other one on this address space";

/** Which subnets are taken, and which are free for a network that asks for none in particular. */
export class AddressSpace {
  readonly #templates: readonly PoolTemplate[];
  /** Subnets with the ranges that were taken of them; "" stands for the whole. */
  readonly #taken = new Map<string, { readonly subnet: IpPrefix; readonly ranges: Set<string> }>();

  constructor(templates: readonly PoolTemplate[]) {
    this.#templates = templates;
  }

  /**
   * Takes a subnet that a user chose, or a range of one. Throws "forbidden" where it overlaps with another; as with
   * Docker, who names a range is only refused that same range.
   */
  reserve(subnet: IpPrefix, range: IpPrefix | null): void {
    const key = formatIpPrefix(subnet);
    const rangeKey = range ? formatIpPrefix(range) : "";
    const entry = this.#taken.get(key);
    const overlaps =
      entry && range ? entry.ranges.has(rangeKey) : !range && this.#overlapping(subnet) !== undefined;
    if (overlaps) throw new EngineError("forbidden", OVERLAP);
    if (entry) entry.ranges.add(rangeKey);
    else this.#taken.set(key, { subnet, ranges: new Set([rangeKey]) });
  }

  /**
   * Takes the first free subnet of the default pools of a family, none that overlaps with `excluded`. Throws "invalid"
   * where there is none left.
   */
  allocate(family: 4 | 6, excluded: readonly IpPrefix[]): IpPrefix {
    for (const template of this.#templates) {
      if (template.base.address.family !== family) continue;
      const subnet = this.#firstFree(template, excluded);
      if (!subnet) continue;
      this.reserve(subnet, null);
      return subnet;
    }
    throw new EngineError("invalid", "all predefined address pools have been fully subnetted");
  }

  /** Gives back what reserve() or allocate() took. */
  release(subnet: IpPrefix, range: IpPrefix | null): void {
    const key = formatIpPrefix(subnet);
    const entry = this.#taken.get(key);
    entry?.ranges.delete(range ? formatIpPrefix(range) : "");
    if (entry?.ranges.size === 0) this.#taken.delete(key);
  }

  #firstFree({ base, size }: PoolTemplate, excluded: readonly IpPrefix[]): IpPrefix | undefined {
    let candidate: IpPrefix = { address: base.address, bits: size };
    while (prefixContains(base, candidate.address)) {
      const subnet = candidate;
      const obstacle = excluded.find(other => prefixesOverlap(other, subnet)) ?? this.#overlapping(subnet);
      if (!obstacle) return subnet;
      const behind = obstacle.bits < size ? obstacle : subnet;
      candidate = { address: addressAfter(lastAddress(behind), 1n), bits: size };
    }
    return undefined;
  }

  #overlapping(subnet: IpPrefix): IpPrefix | undefined {
    for (const entry of this.#taken.values()) if (prefixesOverlap(entry.subnet, subnet)) return entry.subnet;
    return undefined;
  }
}
