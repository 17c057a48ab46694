import { describe, expect, it } from "vitest";
import {
  formatPort,
  formatPortMapping,
  joinHostPort,
  parseExposeSpec,
  parsePortRange,
  parsePortSpec,
  parsePortSpecs,
} from "./port-spec.ts";

describe("parsePortSpec", () => {
  it.each([
    ["80", ["::80/tcp"]],
    ["8080:80", [":8080:80/tcp"]],
    ["8080:80/UDP", [":8080:80/udp"]],
    ["127.0.0.1:8080:80", ["127.0.0.1:8080:80/tcp"]],
    ["127.0.0.1::80", ["127.0.0.1::80/tcp"]],
    ["[::1]:8080:80", ["[::1]:8080:80/tcp"]],
    ["8000-8001:80-81", [":8000:80/tcp", ":8001:81/tcp"]],
    ["8000-8010:80", [":8000-8010:80/tcp"]],
    ["80-81/sctp", ["::80/sctp", "::81/sctp"]],
    ["80/tcp/udp", ["::80/tcp"]],
    ["[]:1:2", [":1:2/tcp"]],
  ])("%s", (spec, mappings) => {
    expect(parsePortSpec(spec).map(formatPortMapping)).toEqual(mappings);
  });

  it.each([
    ["", "no port specified: <empty>"],
    [":", "no port specified: :<empty>"],
    ["abc", "invalid containerPort: abc"],
    ["70000", "invalid containerPort: 70000"],
    ["a:80", "invalid hostPort: a"],
    ["1-2:3-5", "invalid ranges specified for container and host Ports: 3-5 and 1-2"],
    ["80/foo", "invalid proto: foo"],
    ["1.2.3:1:2", "invalid IP address: 1.2.3"],
    ["1:2:3:4", "invalid IP address: 1:2"],
    ["[::1:1:2", "invalid IP address [::1: address [::1:: missing ']' in address"],
    ["[::1]x:1:2", "invalid IP address [::1]x: address [::1]x:: missing port in address"],
    ["[::1]:x:1:2", "invalid IP address [::1]:x: address [::1]:x:: too many colons in address"],
    ["[[::1]:1:2", "invalid IP address [[::1]: address [[::1]:: unexpected '[' in address"],
  ])("refuses %s", (spec, message) => {
    expect(() => parsePortSpec(spec)).toThrow(expect.objectContaining({ kind: "invalid", message }));
  });
});

describe("the other forms", () => {
  it("collects the bindings of a port", () => {
    expect([...parsePortSpecs(["80:80", "127.0.0.1:81:80", "53/udp"])]).toEqual([
      [
        "80/tcp",
        [
          { hostIp: "", hostPort: "80" },
          { hostIp: "127.0.0.1", hostPort: "81" },
        ],
      ],
      ["53/udp", [{ hostIp: "", hostPort: "" }]],
    ]);
  });
  it("reads --expose", () => {
    expect(parseExposeSpec("80-82/udp")).toEqual(["80/udp", "81/udp", "82/udp"]);
    expect(() => parseExposeSpec("1:2")).toThrow("invalid port format for --expose: 1:2");
    const number =
      'invalid range format for --expose: abc, error: strconv.ParseUint: parsing "abc": invalid syntax';
    expect(() => parseExposeSpec("abc")).toThrow(number);
    const order = "invalid range format for --expose: 5-3, error: invalid range specified for port: 5-3";
    expect(() => parseExposeSpec("5-3")).toThrow(order);
  });
  it("reads and writes ranges", () => {
    expect(parsePortRange("3-4-5")).toEqual({ first: 3, last: 4 });
    expect(formatPort("tcp", "0080")).toBe("80/tcp");
    expect(formatPort("udp", "80-81")).toBe("80-81/udp");
    expect(formatPort("tcp", "")).toBe("0/tcp");
    expect(joinHostPort("::", "80")).toBe("[::]:80");
  });
});
