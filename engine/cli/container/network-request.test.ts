import { describe, expect, it } from "vitest";
import { parseFlags } from "../flags/parse.ts";
import { containerFlags } from "./container-flags.ts";
import { networkRequest } from "./network-request.ts";

function request(...words: string[]): ReturnType<typeof networkRequest> {
  return networkRequest(parseFlags(containerFlags(), words, { interspersed: true }).values);
}

const PLAIN = {
  IPAMConfig: null,
  Links: null,
  Aliases: null,
  MacAddress: "",
  DriverOpts: null,
  GwPriority: 0,
};

describe("networks on a command line", () => {
  it("are the daemon's own choice where none is named", () => {
    expect(request()).toMatchObject({
      hostConfig: { NetworkMode: "default" },
      networking: { EndpointsConfig: { default: PLAIN } },
    });
  });

  it("leave the endpoint to the daemon where no more is said", () => {
    expect(request("--net", "web")).toMatchObject({
      hostConfig: { NetworkMode: "web" },
      networking: { EndpointsConfig: {} },
    });
  });

  it("take flags for the first of them", () => {
    const words = ["--network", "web", "--network=db", "--network-alias", "x", "--ip", "10.0.0.2"];
    expect(request(...words).networking.EndpointsConfig).toEqual({
      web: { ...PLAIN, Aliases: ["x"], IPAMConfig: { IPv4Address: "10.0.0.2" } },
      db: PLAIN,
    });
  });

  it("take fields of their own", () => {
    const spec =
      "name=Web,alias=x,alias=y,ip=10.0.0.2,mac-address=02:00:00:00:00:01,driver-opt=a=b,gw-priority=-2";
    expect(request("--network", spec).networking.EndpointsConfig).toEqual({
      web: {
        IPAMConfig: { IPv4Address: "10.0.0.2" },
        Links: null,
        Aliases: ["x", "y"],
        MacAddress: "02:00:00:00:00:01",
        DriverOpts: { a: "b" },
        GwPriority: -2,
      },
    });
  });

  it.each([
    [["--network", "a", "--network", "a"], 'network "a" is specified multiple times'],
    [["--network", "a", "--network", "bridge"], "cannot attach both user-defined and non-user-defined"],
    [["--network", "bridge", "--network-alias", "x"], "only supported for user-defined networks"],
    [["--network", "name=a,alias=x", "--network-alias", "y"], "cannot specify both --network-alias and"],
    [["--network", "alias=x"], "network name/id is not specified"],
    [["--network", "name=a,x=y"], "invalid field key x"],
    [["--network", "name=a,gw-priority=x"], "invalid gw-priority (x): invalid syntax"],
    [["--mac-address", "x"], "x is not a valid mac address"],
  ])("are refused as %j", (words, message) => {
    expect(() => request(...words)).toThrow(message);
  });
});

describe("ports on a command line", () => {
  it("are exposed where they are published", () => {
    expect(
      request("-p", "8080:80", "-p", "published=9000,target=90,protocol=udp", "--expose", "70"),
    ).toMatchObject({
      exposedPorts: { "80/tcp": {}, "90/udp": {}, "70/tcp": {} },
      hostConfig: {
        PortBindings: {
          "80/tcp": [{ HostIp: "", HostPort: "8080" }],
          "90/udp": [{ HostIp: "", HostPort: "9000" }],
        },
        PublishAllPorts: false,
      },
    });
  });

  it("are refused where a field is none", () => {
    expect(() => request("-p", "target=80,x")).toThrow(
      "invalid publish opts format (should be name=value but got 'x')",
    );
  });
});
