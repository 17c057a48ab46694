import { EngineError, messageOf } from "../base/errors.ts";
import { parsePortRange, splitPort } from "../base/port-spec.ts";
import type { PortBinding } from "../container/config.ts";
import type { Container } from "../container/container.ts";
import type { PortRequest } from "../network/port-requests.ts";
import type { PortMapping } from "../network/rules.ts";

/** Ports by their keys in the API ("80/tcp"): where they are published, null where they are not. */
export type PortMap = Record<string, PortBinding[] | null>;

function hostPorts(text: string): PortRequest["hostPorts"] {
  if (text === "" || text === "0") return null;
  try {
    return parsePortRange(text);
  } catch (error) {
    const message = `error parsing HostPort value (${text}): ${messageOf(error)}`;
    throw new EngineError("invalid", message, { cause: error });
  }
}

/** The ports that a container wants to have published: those with bindings, or all with `PublishAllPorts`. */
export function portRequests({ config, hostConfig }: Container): PortRequest[] {
  const requests: PortRequest[] = [];
  const { PortBindings, PublishAllPorts } = hostConfig;
  for (const key of new Set([...Object.keys(config.ExposedPorts ?? {}), ...Object.keys(PortBindings)])) {
    const { port: number, protocol } = splitPort(key);
    const port = Number(number);
    const bindings = PortBindings[key] ?? [];
    for (const { HostIp, HostPort } of bindings)
      requests.push({ protocol, port, hostAddress: HostIp ?? "", hostPorts: hostPorts(HostPort ?? "") });
    if (PublishAllPorts && bindings.length === 0)
      requests.push({ protocol, port, hostAddress: "", hostPorts: null });
  }
  return requests;
}

/** A container's ports as inspect shows them: what it exposes, with where that is published. */
export function portMap({ config }: Container, mappings: readonly PortMapping[]): PortMap {
  const map: PortMap = {};
  for (const key of Object.keys(config.ExposedPorts ?? {})) map[key] = null;
  for (const { protocol, containerPort, hostAddress, hostPort } of mappings) {
    const key = `${containerPort}/${protocol}`;
    const binding = { HostIp: hostAddress, HostPort: hostPort > 0 ? `${hostPort}` : "" };
    map[key] = [...(map[key] ?? []), binding];
  }
  return map;
}

/** What a port map says of published ports, for a container with these addresses. */
export function mappingsFrom(
  ports: PortMap,
  { ipv4, ipv6 }: { readonly ipv4: string | null; readonly ipv6: string | null },
): PortMapping[] {
  return Object.entries(ports).flatMap(([key, bindings]) => {
    const { port, protocol } = splitPort(key);
    return (bindings ?? []).flatMap(({ HostIp, HostPort }) => {
      const containerAddress = HostIp.includes(":") ? (ipv6 ?? ipv4) : ipv4;
      if (!containerAddress) return [];
      const numbers = { hostPort: Number(HostPort), containerPort: Number(port) };
      return [{ protocol, hostAddress: HostIp, containerAddress, ...numbers }];
    });
  });
}
