import { describe, expect, it } from "vitest";
import { formatIpPrefix, type IpPrefix, parseIpPrefix } from "../base/ip-prefix.ts";
import { AddressSpace, defaultTemplates, poolTemplate } from "./address-space.ts";

function prefix(text: string): IpPrefix {
  const parsed = parseIpPrefix(text);
  if (!parsed) throw new Error(text);
  return parsed;
}

function take(space: AddressSpace, count: number, excluded: readonly string[] = []): string[] {
  return Array.from({ length: count }, () => formatIpPrefix(space.allocate(4, excluded.map(prefix))));
}

describe("an address space", () => {
  it("hands out Docker's subnets in their order", () => {
    expect(take(new AddressSpace(defaultTemplates()), 4)).toEqual([
      "172.17.0.0/16",
      "172.18.0.0/16",
      "172.19.0.0/16",
      "172.20.0.0/16",
    ]);
  });

  it("goes on to smaller ones when those are used up", () => {
    expect(take(new AddressSpace(defaultTemplates()), 17).slice(-2)).toEqual([
      "192.168.0.0/20",
      "192.168.16.0/20",
    ]);
  });

  it("leaves out what the host uses", () => {
    const space = new AddressSpace(defaultTemplates());
    expect(take(space, 2, ["172.16.0.0/13", "172.24.1.2/32"])).toEqual(["172.25.0.0/16", "172.26.0.0/16"]);
  });

  it("leaves out what somebody chose, until it comes back", () => {
    const space = new AddressSpace([poolTemplate("10.0.0.0/16", 24)]);
    space.reserve(prefix("10.0.0.128/25"), null);
    expect(take(space, 1)).toEqual(["10.0.1.0/24"]);
    space.release(prefix("10.0.0.128/25"), null);
    expect(take(space, 1)).toEqual(["10.0.0.0/24"]);
  });

  it("refuses what overlaps", () => {
    const space = new AddressSpace([]);
    space.reserve(prefix("10.0.0.0/16"), null);
    expect(() => space.reserve(prefix("10.0.1.0/24"), null)).toThrow(
      "invalid pool request: Pool overlaps with other one on this address space",
    );
  });

  it("says when there is none left", () => {
    const space = new AddressSpace([poolTemplate("10.0.0.0/24", 24)]);
    take(space, 1);
    expect(() => take(space, 1)).toThrow("all predefined address pools have been fully subnetted");
  });

  it.each([
    ["nonsense", 24],
    ["10.0.0.0/24", 16],
    ["10.0.0.0/24", 33],
  ])("refuses subnets of %s with %i bits", (base, size) => {
    expect(() => poolTemplate(base, size)).toThrow("invalid address pool");
  });
});
