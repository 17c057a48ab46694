import { describe, expect, it } from "vitest";
import { type AddressFlags, ipamConfig } from "./ipam-config.ts";

function config(changes: Partial<AddressFlags>): ReturnType<typeof ipamConfig> {
  return ipamConfig({ subnets: [], ranges: [], gateways: [], auxiliary: new Map(), ...changes });
}

describe("the addresses of a new network", () => {
  it("are put with the subnet that they are in", () => {
    const subnets = ["10.1.0.0/16", "fd00::/64"];
    expect(
      config({
        subnets,
        ranges: ["10.1.5.0/24"],
        gateways: ["fd00::1", "10.1.0.254"],
        auxiliary: new Map([["printer", "10.1.0.7"]]),
      }),
    ).toEqual([
      {
        Subnet: "10.1.0.0/16",
        IPRange: "10.1.5.0/24",
        Gateway: "10.1.0.254",
        AuxiliaryAddresses: { printer: "10.1.0.7" },
      },
      { Subnet: "fd00::/64", Gateway: "fd00::1", AuxiliaryAddresses: {} },
    ]);
  });

  it.each<[Partial<AddressFlags>, string]>([
    [{ gateways: ["10.1.0.1"] }, "every ip-range or gateway must have a corresponding subnet"],
    [
      { subnets: ["10.1.0.0/16", "10.1.2.0/24"] },
      "multiple overlapping subnet configuration is not supported",
    ],
    [{ subnets: ["10.1.0.0/16"], gateways: ["10.2.0.1"] }, "no matching subnet for gateway 10.2.0.1"],
    [{ subnets: ["10.1.0.0/16"], ranges: ["10.2.0.0/24"] }, "no matching subnet for range 10.2.0.0/24"],
    [{ subnets: ["10.1.0.0/16"], ranges: ["x"] }, "invalid CIDR address: x"],
    [
      { subnets: ["10.1.0.0/16"], auxiliary: new Map([["a", "10.2.0.1"]]) },
      "no matching subnet for aux-address 10.2.0.1",
    ],
    [
      { subnets: ["10.1.0.0/16", "10.2.0.0/16"], gateways: ["10.1.0.1", "10.1.0.2"] },
      "cannot configure multiple gateways (10.1.0.2, 10.1.0.1) for the same subnet (10.1.0.0/16)",
    ],
  ])("are refused as %j", (changes, message) => {
    expect(() => config(changes)).toThrow(message);
  });
});
