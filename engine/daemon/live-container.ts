import { Mutex } from "../base/mutex.ts";
import type { Attachment, Shim } from "../runtime/shim.ts";
import type { WritableLayer } from "../image/layer-store.ts";
import type { HeldVolumes } from "./container-volumes.ts";

/** How a container's process ended, for those who wait. */
export interface ContainerExit {
  readonly exitCode: number;
  /** Why it never ran; empty if it did. */
  readonly error: string;
}

/** A client that has attached to a container before it was started. */
export interface PendingAttachment {
  readonly attachment: Attachment;
  /** Called once the shim has the client, or nobody will. */
  readonly release: () => void;
}

/** What the daemon holds for a container while it lives, and need not keep on disk. */
export class LiveContainer {
  /** Starting, stopping and removing happen one at a time. */
  readonly mutex = new Mutex();
  shim: Shim | null = null;
  layer: WritableLayer | null = null;
  /** The mounts of its volumes, while it has a process. */
  volumes: HeldVolumes | null = null;
  pending: PendingAttachment[] = [];
  /** Exec instances by id. */
  readonly execs = new Set<string>();
  readonly #exits: ((exit: ContainerExit) => void)[] = [];
  readonly #removals: ((exit: ContainerExit) => void)[] = [];

  /** Resolves at the next end of a process. */
  nextExit(): Promise<ContainerExit> {
    return new Promise(resolve => this.#exits.push(resolve));
  }

  /** Resolves when the container is removed. */
  removal(): Promise<ContainerExit> {
    return new Promise(resolve => this.#removals.push(resolve));
  }

  announceExit(exit: ContainerExit): void {
    for (const resolve of this.#exits.splice(0)) resolve(exit);
  }

  /** Those who wait for the end of a process would wait for ever. */
  announceRemoval(exit: ContainerExit): void {
    for (const resolve of [...this.#removals.splice(0), ...this.#exits.splice(0)]) resolve(exit);
  }
}
