/** The PORTS column of `docker ps`. */
import { joinHostPort } from "../base/port-spec.ts";

/** A port of a container as the Engine API lists it; unpublished ones have no address. */
export interface ContainerPort {
  readonly IP?: string;
  readonly PrivatePort: number;
  readonly PublicPort?: number;
  readonly Type: string;
}

/** Neighbouring ports that are written as one range. */
interface PortRun {
  readonly ip: string;
  readonly type: string;
  readonly first: number;
  last: number;
}

/** `ports` as one line, neighbours joined: `0.0.0.0:80->8080/tcp, 9000-9002/tcp`. */
export function describePorts(ports: readonly ContainerPort[]): string {
  const finished: PortRun[] = [];
  const open = new Map<string, PortRun>();
  const mapped: string[] = [];
  for (const { IP: ip = "", PrivatePort: port, PublicPort: hostPort = 0, Type: type } of ports.toSorted(
    comparePorts,
  )) {
    if (ip !== "" && hostPort !== port) {
      mapped.push(`${joinHostPort(ip, String(hostPort))}->${port}/${type}`);
      continue;
    }
    const key = `${ip}/${type}`;
    const run = open.get(key);
    if (run !== undefined && port === run.last + 1) {
      run.last = port;
      continue;
    }
    if (run !== undefined) finished.push(run);
    open.set(key, { ip, type, first: port, last: port });
  }
  return [...[...finished, ...open.values()].map(describeRun), ...mapped].join(", ");
}

function describeRun({ ip, type, first, last }: PortRun): string {
  const range = first === last ? String(first) : `${first}-${last}`;
  return ip === "" ? `${range}/${type}` : `${joinHostPort(ip, range)}->${range}/${type}`;
}

function comparePorts(left: ContainerPort, right: ContainerPort): number {
  return (
    left.PrivatePort - right.PrivatePort ||
    compareTexts(left.IP ?? "", right.IP ?? "") ||
    (left.PublicPort ?? 0) - (right.PublicPort ?? 0) ||
    compareTexts(left.Type, right.Type)
  );
}

function compareTexts(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
