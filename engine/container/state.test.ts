import { describe, expect, it } from "vitest";
import {
  allows,
  type ContainerState,
  createdState,
  hasProcess,
  isRunning,
  type Operation,
  type Status,
  transition,
} from "./state.ts";

const STATUSES: readonly Status[] = [
  "created",
  "running",
  "paused",
  "restarting",
  "removing",
  "exited",
  "dead",
];
const OPERATIONS: readonly Operation[] = [
  "start",
  "fail",
  "exit",
  "pause",
  "unpause",
  "wait-restart",
  "remove",
  "bury",
];

/** Where each operation leads from each state; what is not here is impossible. */
const EXPECTED: Readonly<Record<string, Status>> = {
  "created start": "running",
  "created fail": "created",
  "created remove": "removing",
  "running exit": "exited",
  "running pause": "paused",
  "running wait-restart": "restarting",
  "paused exit": "exited",
  "paused unpause": "running",
  "paused wait-restart": "restarting",
  "restarting start": "running",
  "restarting fail": "exited",
  "restarting exit": "exited",
  "restarting remove": "removing",
  "removing bury": "dead",
  "removing remove": "removing",
  "exited start": "running",
  "exited fail": "exited",
  "exited remove": "removing",
  "exited wait-restart": "restarting",
  "dead remove": "removing",
};

function inState(status: Status): ContainerState {
  return { ...createdState, status };
}

describe("transition", () => {
  const pairs = STATUSES.flatMap(status => OPERATIONS.map(operation => [status, operation] as const));

  it.each(pairs)("%s, %s", (status, operation) => {
    const expected = EXPECTED[`${status} ${operation}`];
    expect(allows(status, operation)).toBe(expected !== undefined);
    if (expected) expect(transition(inState(status), operation).status).toBe(expected);
    else
      expect(() => transition(inState(status), operation)).toThrow(
        `assertion failed: container state: ${operation} while ${status}`,
      );
  });

  it("changes what else is said, and nothing more", () => {
    const before = { ...inState("running"), pid: 5, startedAt: "then" };
    const after = transition(before, "exit", { pid: 0, exitCode: 3, finishedAt: "now" });
    expect(after).toEqual({ ...before, status: "exited", pid: 0, exitCode: 3, finishedAt: "now" });
    expect(before.status).toBe("running");
  });
});

describe("what a state means", () => {
  it("is a process for running and paused", () => {
    expect(STATUSES.filter(hasProcess)).toEqual(["running", "paused"]);
  });

  it("is running in Docker's sense for restarting too", () => {
    expect(STATUSES.filter(isRunning)).toEqual(["running", "paused", "restarting"]);
  });
});
