import { EngineError } from "../base/errors.ts";
import {
  type IpAddress,
  type IpPrefix,
  lastAddress,
  maskedPrefix,
  prefixContains,
} from "../base/ip-prefix.ts";

const POINT_TO_POINT = 31; // such a subnet has neither network nor broadcast address (RFC 3021)

/** The addresses of one subnet, handed out the lowest first. */
export class AddressPool {
  readonly subnet: IpPrefix;
  /** What is handed out unless a certain address is asked for: the subnet, or a range of it. */
  readonly #range: IpPrefix;
  readonly #used = new Set<bigint>();
  /** No address below it is free. */
  #lowest: bigint;

  constructor(subnet: IpPrefix, range: IpPrefix | null) {
    this.subnet = maskedPrefix(subnet);
    this.#range = maskedPrefix(range ?? subnet);
    this.#lowest = this.#range.address.value;
    const { family, value } = this.subnet.address;
    if (family === 6)
      this.#used.add(value); // the routers' anycast address (RFC 4291, section 2.6.1)
    else if (subnet.bits < POINT_TO_POINT) this.#used.add(value).add(lastAddress(this.subnet).value);
  }

  /** Takes an address. Throws "forbidden" where it is taken, "invalid" where it is none of the subnet's. */
  reserve(address: IpAddress): void {
    if (!prefixContains(this.subnet, address))
      throw new EngineError("invalid", "requested address is out of range");
    if (this.#used.has(address.value)) throw new EngineError("forbidden", "Address already in use");
    this.#used.add(address.value);
  }

  /** Whether an address of the subnet is free. */
  isFree(address: IpAddress): boolean {
    return prefixContains(this.subnet, address) && !this.#used.has(address.value);
  }

  /** Takes the lowest free address; undefined where none is left. */
  allocate(): IpAddress | undefined {
    const end = lastAddress(this.#range).value;
    let value = this.#lowest;
    while (value <= end && this.#used.has(value)) value++;
    this.#lowest = value;
    if (value > end) return undefined;
    this.#used.add(value);
    return { ...this.subnet.address, value };
  }

  /** Gives an address back; one that is free is fine. */
  release(address: IpAddress): void {
    if (!prefixContains(this.subnet, address)) return;
    this.#used.delete(address.value);
    if (prefixContains(this.#range, address) && address.value < this.#lowest) this.#lowest = address.value;
  }
}
