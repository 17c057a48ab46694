import { describe, expect, it } from "vitest";
import { type ContainerPort, describePorts } from "./container-ports.ts";

const exposed = (port: number, type = "tcp"): ContainerPort => ({ PrivatePort: port, Type: type });
const published = (ip: string, hostPort: number, port: number, type = "tcp"): ContainerPort => ({
  IP: ip,
  PrivatePort: port,
  PublicPort: hostPort,
  Type: type,
});

describe("describePorts", () => {
  it.each<[string, ContainerPort[]]>([
    ["", []],
    ["80/tcp", [exposed(80)]],
    ["80-82/tcp, 90/tcp", [exposed(82), exposed(90), exposed(80), exposed(81)]],
    ["80/tcp, 80/udp", [exposed(80, "udp"), exposed(80)]],
    ["0.0.0.0:8080->80/tcp, [::]:8080->80/tcp", [published("::", 8080, 80), published("0.0.0.0", 8080, 80)]],
    ["0.0.0.0:80-81->80-81/tcp", [published("0.0.0.0", 80, 80), published("0.0.0.0", 81, 81)]],
    ["[::]:53->53/udp", [published("::", 53, 53, "udp")]],
    [
      "90/tcp, 0.0.0.0:1000->80/tcp, 0.0.0.0:1001->81/tcp",
      [exposed(90), published("0.0.0.0", 1001, 81), published("0.0.0.0", 1000, 80)],
    ],
    ["1/tcp, 3/tcp, 0.0.0.0:2->2/tcp", [exposed(1), exposed(3), published("0.0.0.0", 2, 2)]],
  ])("%s", (text, ports) => expect(describePorts(ports)).toBe(text));

  it("leaves its argument in order", () => {
    const ports = [exposed(2), exposed(1)];
    describePorts(ports);
    expect(ports.map(port => port.PrivatePort)).toEqual([2, 1]);
  });
});
