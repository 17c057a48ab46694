import { describe, expect, it } from "vitest";
import { groupRequests, type PortRequest, type PublishingContext } from "./port-requests.ts";

const context: PublishingContext = {
  ipv4: "172.17.0.2",
  ipv6: null,
  defaultAddress: "0.0.0.0",
  hostHasIPv6: true,
  proxy: true,
};

function request(port: number, changes: Partial<PortRequest> = {}): PortRequest {
  return { protocol: "tcp", port, hostAddress: "", hostPorts: null, ...changes };
}

/** Groups as text: "8080>80/tcp 0.0.0.0=172.17.0.2 ::=172.17.0.2". */
function groups(requests: readonly PortRequest[], changes: Partial<PublishingContext> = {}): string[] {
  return groupRequests(requests, { ...context, ...changes }).map(({ hostPorts, port, protocol, targets }) => {
    const range = hostPorts ? `${hostPorts.first}-${hostPorts.last}` : "any";
    const places = targets.map(({ hostAddress, containerAddress }) => `${hostAddress}=${containerAddress}`);
    return [`${range}>${port}/${protocol}`, ...places].join(" ");
  });
}

describe("requests for ports", () => {
  it("without an address are for both families", () => {
    expect(groups([request(80)])).toEqual(["any>80/tcp 0.0.0.0=172.17.0.2 ::=172.17.0.2"]);
  });

  it.each<[string, Partial<PublishingContext>]>([
    ["the host has no IPv6", { hostHasIPv6: false }],
    ["no proxy could carry it", { proxy: false }],
    ["the default is an address of IPv4", { defaultAddress: "127.0.0.1" }],
  ])("are not for IPv6 where %s", (_, changes) => {
    const address = changes.defaultAddress ?? "0.0.0.0";
    expect(groups([request(80)], changes)).toEqual([`any>80/tcp ${address}=172.17.0.2`]);
  });

  it("go to the container's own IPv6 address where it has one", () => {
    expect(groups([request(80)], { ipv6: "fd00::2", proxy: false })).toEqual([
      "any>80/tcp 0.0.0.0=172.17.0.2 ::=fd00::2",
    ]);
  });

  it("with an address are for its family", () => {
    expect(groups([request(80, { hostAddress: "127.0.0.1" }), request(81, { hostAddress: "::1" })])).toEqual([
      "any>80/tcp 127.0.0.1=172.17.0.2",
      "any>81/tcp ::1=172.17.0.2",
    ]);
  });

  it("that differ in the address alone get the same port", () => {
    const two = ["127.0.0.2", "127.0.0.1"].map(hostAddress => request(80, { hostAddress }));
    expect(groups(two)).toEqual(["any>80/tcp 127.0.0.1=172.17.0.2 127.0.0.2=172.17.0.2"]);
  });

  it("for certain ports come before ranges and any, low ports first, tcp before udp", () => {
    const certain = { hostPorts: { first: 9, last: 9 } };
    const range = { hostPorts: { first: 8, last: 10 } };
    const order = groups([
      request(1),
      request(2, range),
      request(4, { ...certain, protocol: "udp" }),
      request(4, certain),
      request(3, certain),
    ]);
    expect(order.map(text => text.split(" ")[0])).toEqual([
      "9-9>3/tcp",
      "9-9>4/tcp",
      "9-9>4/udp",
      "any>1/tcp",
      "8-10>2/tcp",
    ]);
  });
});
