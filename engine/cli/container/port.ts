import { EngineError, messageOf } from "../../base/errors.ts";
import { compareNaturally } from "../../base/natural-order.ts";
import { parseUnsigned } from "../../base/numbers.ts";
import { joinHostPort } from "../../base/port-spec.ts";
import { inspectContainer } from "../../client/containers.ts";
import type { PortBinding } from "../../api/container.ts";
import { command } from "../command.ts";
import { containerNames } from "../completion/completers.ts";

type Ports = Readonly<Record<string, readonly PortBinding[] | null>>;

function place({ HostIp, HostPort }: PortBinding): string {
  return joinHostPort(HostIp, HostPort);
}

/** Where one port is published. Throws where it is not. */
function placesOf(ports: Ports, wanted: string, container: string): string[] {
  const [number = "", protocol = ""] = wanted.split("/", 2);
  try {
    parseUnsigned(number, 10, 16);
  } catch (error) {
    throw new EngineError("invalid", `Error: invalid port (${number}): ${messageOf(error)}`, {
      cause: error,
    });
  }
  const bindings = ports[`${number}/${protocol || "tcp"}`] ?? [];
  if (bindings.length === 0)
    throw new EngineError("invalid", `Error: No public port '${wanted}' published for ${container}`);
  return bindings.map(place);
}

function allPlaces(ports: Ports): string[] {
  return Object.entries(ports).flatMap(([port, bindings]) =>
    (bindings ?? []).map(binding => `${port} -> ${place(binding)}`),
  );
}

export const portCommand = command({
  summary: "Show where a container's ports are published",
  spellings: "docker container port, docker port",
  arity: { least: 1, most: 2 },
  complete: containerNames(false),
  async run({ client, stdout }, { positionals: [container = "", wanted = ""] }) {
    const { NetworkSettings } = await inspectContainer(client, container);
    const ports: Ports = NetworkSettings.Ports ?? {};
    const lines = wanted === "" ? allPlaces(ports) : placesOf(ports, wanted, container);
    for (const line of lines.toSorted(compareNaturally)) void stdout.line(line);
  },
});
