import { assert } from "../base/errors.ts";

/** Where a container is in its life (Engine API, ContainerState). */
export type Status = "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";

/** What happens to a container. */
export type Operation =
  | "start" // a process was started
  | "fail" // one could not be started
  | "exit" // its process has ended
  | "pause"
  | "unpause"
  | "wait-restart" // its process has ended, and the restart policy will start another
  | "remove" // its removal has begun
  | "bury"; // its removal has failed half-way

/** What may happen in each state, and where it leads. */
const table: Readonly<Record<Status, Readonly<Partial<Record<Operation, Status>>>>> = {
  created: { start: "running", fail: "created", remove: "removing" },
  running: { exit: "exited", pause: "paused", "wait-restart": "restarting" },
  paused: { exit: "exited", unpause: "running", "wait-restart": "restarting" },
  restarting: { start: "running", fail: "exited", exit: "exited", remove: "removing" },
  removing: { bury: "dead", remove: "removing" },
  exited: { start: "running", fail: "exited", remove: "removing", "wait-restart": "restarting" },
  dead: { remove: "removing" },
};

/** The moment that Go prints for "never". */
export const NEVER = "0001-01-01T00:00:00Z";

/** A container's state. Times are RFC 3339. */
export interface ContainerState {
  readonly status: Status;
  /** Of its first process on the host; 0 while none runs. */
  readonly pid: number;
  readonly exitCode: number;
  /** Why the last start failed; empty if it did not. */
  readonly error: string;
  readonly oomKilled: boolean;
  readonly startedAt: string;
  readonly finishedAt: string;
}

export const createdState: ContainerState = {
  status: "created",
  pid: 0,
  exitCode: 0,
  error: "",
  oomKilled: false,
  startedAt: NEVER,
  finishedAt: NEVER,
};

export function allows(status: Status, operation: Operation): boolean {
  return table[status][operation] !== undefined;
}

/** The one way from state to state: applies an operation with what it changes besides. */
export function transition(
  state: ContainerState,
  operation: Operation,
  changes: Partial<Omit<ContainerState, "status">> = {},
): ContainerState {
  const status = table[state.status][operation];
  assert(status !== undefined, `container state: ${operation} while ${state.status}`);
  return { ...state, ...changes, status };
}

/** Whether the container has a process. */
export function hasProcess(status: Status): boolean {
  return status === "running" || status === "paused";
}

/** What Docker calls running: it has a process, or is about to have one again. */
export function isRunning(status: Status): boolean {
  return hasProcess(status) || status === "restarting";
}
