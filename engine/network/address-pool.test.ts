import { describe, expect, it } from "vitest";
import { formatIpAddress, type IpAddress, parseIpAddress, parseIpPrefix } from "../base/ip-prefix.ts";
import { AddressPool } from "./address-pool.ts";

function pool(subnet: string, range?: string): AddressPool {
  const prefix = parseIpPrefix(subnet);
  if (!prefix) throw new Error(subnet);
  return new AddressPool(prefix, range ? (parseIpPrefix(range) ?? null) : null);
}

function address(text: string): IpAddress {
  const parsed = parseIpAddress(text);
  if (!parsed) throw new Error(text);
  return parsed;
}

function take(from: AddressPool, count: number): string[] {
  return Array.from({ length: count }, () => {
    const taken = from.allocate();
    return taken ? formatIpAddress(taken) : "none";
  });
}

describe("an address pool", () => {
  it("hands out the lowest, but not the network's own address nor that of broadcasts", () => {
    expect(take(pool("10.0.0.0/30"), 3)).toEqual(["10.0.0.1", "10.0.0.2", "none"]);
  });

  it("has no such addresses in a subnet of two", () => {
    expect(take(pool("10.0.0.0/31"), 3)).toEqual(["10.0.0.0", "10.0.0.1", "none"]);
  });

  it("hands out what has come back first", () => {
    const from = pool("10.0.0.0/24");
    take(from, 3);
    from.release(address("10.0.0.2"));
    expect(take(from, 2)).toEqual(["10.0.0.2", "10.0.0.4"]);
  });

  it("keeps to its range, but lets others be asked for", () => {
    const from = pool("10.0.0.0/16", "10.0.5.0/30");
    from.reserve(address("10.0.9.9"));
    expect(take(from, 5)).toEqual(["10.0.5.0", "10.0.5.1", "10.0.5.2", "10.0.5.3", "none"]);
    expect(from.isFree(address("10.0.9.9"))).toBe(false);
  });

  it.each([
    ["10.0.0.1", "Address already in use", "forbidden"],
    ["10.0.0.0", "Address already in use", "forbidden"],
    ["10.1.0.1", "requested address is out of range", "invalid"],
  ])("refuses %s", (text, message, kind) => {
    const from = pool("10.0.0.0/24");
    take(from, 1);
    const reserve = (): void => from.reserve(address(text));
    expect(reserve).toThrow(message);
    expect(reserve).toThrow(expect.objectContaining({ kind }));
  });

  it("leaves the routers' address of an IPv6 subnet alone", () => {
    expect(take(pool("fd00::/126"), 4)).toEqual(["fd00::1", "fd00::2", "fd00::3", "none"]);
  });
});
