import type { ContainerRow } from "../engine/container-row.ts";

/** A TCP port of the machine that belongs to a container. */
export interface PreviewPort {
  readonly port: number;
  /** The container's name. */
  readonly container: string;
}

/** The ports that can be previewed: those that containers with a process publish over TCP. */
export function previewPorts(rows: readonly ContainerRow[]): PreviewPort[] {
  return rows
    .filter(({ status }) => status === "running" || status === "paused" || status === "restarting")
    .flatMap(({ name, ports }) =>
      ports.filter(({ protocol }) => protocol === "tcp").map(({ port }) => ({ port, container: name })),
    );
}
