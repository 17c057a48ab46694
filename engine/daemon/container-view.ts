import type { ContainerState as ApiState } from "../api/container.ts";
import { humanDuration } from "../base/units.ts";
import type { Container } from "../container/container.ts";
import { type ContainerState, isRunning } from "../container/state.ts";

const NANOSECONDS_PER_MS = 1e6;

/** The state as `docker inspect` shows it. */
export function stateView(state: ContainerState): ApiState {
  return {
    Status: state.status,
    Running: isRunning(state.status),
    Paused: state.status === "paused",
    Restarting: state.status === "restarting",
    OOMKilled: state.oomKilled,
    Dead: state.status === "dead",
    Pid: state.pid,
    ExitCode: state.exitCode,
    Error: state.error,
    StartedAt: state.startedAt,
    FinishedAt: state.finishedAt,
  };
}

function ago(time: string, now: number): string {
  return humanDuration((now - Date.parse(time)) * NANOSECONDS_PER_MS);
}

/** The STATUS column of `docker ps`. `now` is in milliseconds since 1970. */
export function statusText(state: ContainerState, now: number): string {
  switch (state.status) {
    case "created":
      return "Created";
    case "running":
      return `Up ${ago(state.startedAt, now)}`;
    case "paused":
      return `Up ${ago(state.startedAt, now)} (Paused)`;
    case "restarting":
      return `Restarting (${state.exitCode}) ${ago(state.finishedAt, now)} ago`;
    case "removing":
      return "Removal In Progress";
    case "dead":
      return "Dead";
    case "exited":
      return `Exited (${state.exitCode}) ${ago(state.finishedAt, now)} ago`;
  }
}

/** The COMMAND column: program and arguments, those with blanks in quotes. */
export function commandText(container: Container): string {
  const args = container.args.map(arg => (arg.includes(" ") ? `'${arg}'` : arg));
  return [container.path, ...args].join(" ");
}
