import { type ReadonlySignal, batch, signal as observable } from "@preact/signals";
import type { ContainerSummary } from "../../../engine/api/container.ts";
import { type ContainerRow, rowOf } from "./container-row.ts";
import type { EngineClient } from "./engine-client.ts";

/**
 * - `connecting`: nothing is known yet;
 * - `live`: the list is what the daemon has;
 * - `lost`: the daemon does not answer: the list is what it had.
 */
export type ContainersState = "connecting" | "live" | "lost";

/** What somebody may ask of a container. */
export type ContainerAction = "start" | "stop" | "unpause" | "remove";

/** Waits some milliseconds; rejects when `signal` is aborted. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** The events after which a container's row may read differently. */
const TELLING = [
  "create",
  "start",
  "die",
  "destroy",
  "pause",
  "unpause",
  "rename",
  "restart",
  "stop",
  "update",
];
/** Milliseconds in which a burst of events is gathered: `docker run --rm` makes half a dozen. */
const BURST = 120;
/** Milliseconds until the next try to reach a daemon that is away, twice as many each time. */
const FIRST_RETRY = 400;
const LAST_RETRY = 6400;

/**
 * The daemon's containers as they are now. It listens to `/events` and asks for the list again when something was
 * told, and whenever the connection begins anew: after a restart of the daemon or of the machine.
 */
export class Containers {
  readonly #pause: Pause;
  readonly #rows = observable<readonly ContainerRow[]>([]);
  readonly #state = observable<ContainersState>("connecting");
  readonly #busy = observable<ReadonlyMap<string, ContainerAction>>(new Map());
  #client: EngineClient | undefined;

  constructor(pause: Pause) {
    this.#pause = pause;
  }

  /** The youngest first, as `docker ps -a` has them. */
  get rows(): ReadonlySignal<readonly ContainerRow[]> {
    return this.#rows;
  }

  get state(): ReadonlySignal<ContainersState> {
    return this.#state;
  }

  /** Which action is under way, by container's id. */
  get busy(): ReadonlySignal<ReadonlyMap<string, ContainerAction>> {
    return this.#busy;
  }

  /** Follows the daemon that `client` reaches, in place of the last one, until `signal` is aborted. */
  async follow(client: EngineClient, signal: AbortSignal): Promise<void> {
    this.forget();
    this.#client = client;
    for (let retry = FIRST_RETRY; !signal.aborted; retry = Math.min(2 * retry, LAST_RETRY)) {
      const reached = await this.#listen(client, signal);
      if (reached) retry = FIRST_RETRY;
      if (signal.aborted) return;
      this.#state.value = "lost";
      try {
        await this.#pause(retry, signal);
      } catch {
        return; // aborted
      }
    }
  }

  /** Nothing is known any more: the machine is gone. */
  forget(): void {
    this.#client = undefined;
    batch(() => {
      this.#rows.value = [];
      this.#state.value = "connecting";
      this.#busy.value = new Map();
    });
  }

  /** Does something to a container; what comes of it shows by events. Rejects with an `EngineCallError`. */
  async act(id: string, action: ContainerAction): Promise<void> {
    const client = this.#client;
    if (client === undefined || this.#busy.value.has(id)) return;
    this.#setBusy(id, action);
    try {
      await client.send(
        action === "remove"
          ? { method: "DELETE", path: `/containers/${id}`, query: { force: "1" } }
          : { method: "POST", path: `/containers/${id}/${action}` },
      );
    } finally {
      this.#setBusy(id, undefined);
    }
  }

  #setBusy(id: string, action: ContainerAction | undefined): void {
    const busy = new Map(this.#busy.value);
    if (action === undefined) busy.delete(id);
    else busy.set(id, action);
    this.#busy.value = busy;
  }

  /** Listens until the daemon hangs up; tells whether it was there at all. */
  async #listen(client: EngineClient, signal: AbortSignal): Promise<boolean> {
    let reached = false;
    const refresh = this.#refresher(client, signal);
    const opened = (): void => {
      reached = true;
      refresh(); // what happens from now on is told: the list can miss nothing
    };
    try {
      await client.events({ type: ["container"], event: TELLING }, { opened, event: refresh }, signal);
    } catch {
      // The daemon is away, or what it says makes no sense: either way it is asked anew.
    }
    return reached;
  }

  /**
   * Returns what has the list asked for; what is told while an answer is under way has it asked for once more.
   */
  #refresher(client: EngineClient, signal: AbortSignal): () => void {
    let stale = false;
    let listing = false;
    const list = async (): Promise<void> => {
      listing = true;
      try {
        while (stale) {
          stale = false;
          await this.#list(client, signal);
          await this.#pause(BURST, signal);
        }
      } catch {
        // The connection that tells of events breaks with the daemon too, and begins anew with a list.
      } finally {
        listing = false;
      }
    };
    return () => {
      stale = true;
      if (!listing) void list();
    };
  }

  async #list(client: EngineClient, signal: AbortSignal): Promise<void> {
    const call = { method: "GET", path: "/containers/json", query: { all: "1" } } as const;
    const summaries = await client.json<readonly ContainerSummary[]>(call, signal);
    signal.throwIfAborted();
    batch(() => {
      this.#rows.value = summaries.map(rowOf);
      this.#state.value = "live";
    });
  }
}
