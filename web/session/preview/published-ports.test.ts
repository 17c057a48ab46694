import { expect, it } from "vitest";
import type { ContainerSummary } from "../../../engine/api/container.ts";
import { rowOf } from "../engine/container-row.ts";
import { previewPorts } from "./published-ports.ts";

/** As GET /containers/json tells of it. */
const WEB: ContainerSummary = {
  Id: "6d0a",
  Names: ["/web"],
  Image: "nginx",
  ImageID: "sha256:1",
  Command: "nginx",
  Created: 0,
  Labels: {},
  HostConfig: { NetworkMode: "bridge" },
  NetworkSettings: { Networks: {} },
  Mounts: [],
  State: "running",
  Status: "Up 2 seconds",
  Ports: [
    { IP: "0.0.0.0", PrivatePort: 80, PublicPort: 8080, Type: "tcp" },
    { IP: "::", PrivatePort: 80, PublicPort: 8080, Type: "tcp" },
    { IP: "0.0.0.0", PrivatePort: 53, PublicPort: 5353, Type: "udp" },
    { PrivatePort: 443, Type: "tcp" },
  ],
};

it("are the published TCP ports, each once", () => {
  expect(previewPorts([rowOf(WEB)])).toEqual([{ port: 8080, container: "web" }]);
});

it("are those of containers that run", () => {
  expect(previewPorts([])).toEqual([]);
  expect(previewPorts([rowOf({ ...WEB, State: "exited", Status: "Exited (0) 2 seconds ago" })])).toEqual([]);
});
