import type { PortSummary } from "../api/container.ts";
import { EngineError, messageOf } from "../base/errors.ts";
import { parsePortRange, splitPort } from "../base/port-spec.ts";
import type { Container } from "../container/container.ts";

/** A running container's ports as `docker ps` lists them: those that are published once for each place. */
export function portSummaries({ networking: { ports } }: Container): PortSummary[] {
  return Object.entries(ports).flatMap(([key, bindings]): PortSummary[] => {
    const { port, protocol: Type } = splitPort(key);
    const PrivatePort = Number(port);
    if (!bindings?.length) return [{ PrivatePort, Type }];
    return bindings.map(({ HostIp: IP, HostPort }) => {
      const PublicPort = Number(HostPort);
      return PublicPort > 0 ? { IP, PrivatePort, PublicPort, Type } : { IP, PrivatePort, Type };
    });
  });
}

/** Whether one of some ports ("80/tcp") is what the filters `expose` and `publish` name: a port or a range of them. */
export function matchesPort(ports: readonly string[], wanted: string): boolean {
  const { port, protocol } = splitPort(wanted);
  try {
    const { first, last } = parsePortRange(port);
    return ports.some(key => {
      const candidate = splitPort(key);
      const number = Number(candidate.port);
      return candidate.protocol === protocol && number >= first && number <= last;
    });
  } catch (error) {
    throw new EngineError("invalid", `error while looking up for ${wanted}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
