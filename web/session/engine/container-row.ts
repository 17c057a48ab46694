import type { ContainerSummary, PortSummary } from "../../../engine/api/container.ts";

/** Docker's words for a container's state. */
export type ContainerStatus =
  | "created"
  | "running"
  | "paused"
  | "restarting"
  | "removing"
  | "exited"
  | "dead";

/** A port of a container that is published on the machine. */
export interface PublishedPort {
  /** The machine's. */
  readonly port: number;
  readonly containerPort: number;
  /** `tcp`, `udp` or `sctp`. */
  readonly protocol: string;
}

/** What the page shows of a container. */
export interface ContainerRow {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly status: ContainerStatus;
  /** Of a container that has exited. */
  readonly exitCode: number | undefined;
  readonly ports: readonly PublishedPort[];
}

const STATUSES: readonly ContainerStatus[] = [
  "created",
  "running",
  "paused",
  "restarting",
  "removing",
  "exited",
  "dead",
];
/** The list tells how a container ended in `docker ps`'s STATUS column only. */
const EXITED = /^Exited \((-?\d+)\)/;

/** A row of a container as the daemon lists it. */
export function rowOf(summary: ContainerSummary): ContainerRow {
  const code = EXITED.exec(summary.Status)?.[1];
  return {
    id: summary.Id,
    name: ownName(summary),
    image: summary.Image,
    // A state that a newer daemon has is one in which nothing can be said to run.
    status: STATUSES.find(status => status === summary.State) ?? "created",
    exitCode: code === undefined ? undefined : Number(code),
    ports: publishedPorts(summary.Ports),
  };
}

/** Names of links have another slash in them. */
function ownName({ Names, Id }: ContainerSummary): string {
  const name = Names.find(candidate => candidate.lastIndexOf("/") === 0);
  return name?.slice(1) ?? Id.slice(0, 12);
}

/** One for each port of the machine: IPv4 and IPv6 lead to the same place. */
function publishedPorts(ports: readonly PortSummary[]): PublishedPort[] {
  const found = new Map<string, PublishedPort>();
  for (const { PublicPort, PrivatePort, Type } of ports) {
    if (PublicPort === undefined || PublicPort === 0) continue;
    found.set(`${PublicPort}/${Type}`, { port: PublicPort, containerPort: PrivatePort, protocol: Type });
  }
  return [...found.values()].toSorted((a, b) => a.port - b.port);
}
