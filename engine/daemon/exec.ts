import { EngineError } from "../base/errors.ts";
import { overlayEnv } from "../base/env.ts";
import type { Container } from "../container/container.ts";
import { execSteps } from "../runtime/container-steps.ts";
import { type Attachment, type Shim, StepError } from "../runtime/shim.ts";
import type { StreamClient } from "./attach-container.ts";
import { awaitExit, cleanUpShim } from "./container-exit.ts";
import { containerEnv, processSpec } from "./container-spec.ts";
import { type Daemon, publishContainerEvent } from "./daemon.ts";
import { shimDirectory } from "./start-container.ts";
import { execStartFailure } from "./start-failure.ts";

/** What an exec is to run. */
export interface ExecConfig {
  /** Empty for the container's own. */
  readonly user: string;
  readonly privileged: boolean;
  readonly tty: boolean;
  readonly attachStdin: boolean;
  readonly attachStdout: boolean;
  readonly attachStderr: boolean;
  readonly detachKeys: Uint8Array;
  readonly env: readonly string[];
  readonly workingDir: string;
  readonly command: readonly string[];
}

/** One exec instance: made, then started at most once. */
export interface Exec {
  readonly id: string;
  readonly container: Container;
  readonly config: ExecConfig;
  status: "created" | "running" | "ended";
  /** null until it has ended. */
  exitCode: number | null;
  pid: number;
  shim: Shim | null;
}

/** How long an ended exec can still be asked about, as with Docker. */
const KEEP_MS = 5 * 60 * 1000;

/** Throws "not-found" where there is none with this id. */
export function findExec(daemon: Daemon, id: string): Exec {
  const exec = daemon.execs.get(id);
  if (exec) return exec;
  throw new EngineError("not-found", `No such exec instance: ${id}`);
}

function requireExecutable(container: Container): void {
  const { status } = container.state;
  if (status === "paused")
    throw new EngineError(
      "conflict",
      `Container ${container.id} is paused, unpause the container before exec`,
    );
  if (status === "restarting")
    throw new EngineError(
      "conflict",
      `Container ${container.id} is restarting, wait until the container is running`,
    );
  if (status !== "running") throw new EngineError("conflict", `container ${container.id} is not running`);
}

function eventName(kind: string, exec: Exec): string {
  const [program, ...args] = exec.config.command;
  return `${kind}: ${program} ${args.join(" ")}`; // the space stays where there are no arguments, as with Docker
}

/** Prepares an exec in a running container; returns its id. */
export function createExec(daemon: Daemon, name: string, config: ExecConfig): string {
  const container = daemon.containers.find(name);
  requireExecutable(container);
  if (config.command.length === 0) throw new EngineError("invalid", "No exec command specified");
  const id = daemon.sys.bytes.randomHex(32);
  const exec: Exec = { id, container, config, status: "created", exitCode: null, pid: 0, shim: null };
  daemon.execs.set(id, exec);
  daemon.live.of(container).execs.add(id);
  publishContainerEvent(daemon, container, eventName("exec_create", exec), { execID: id });
  return id;
}

/** Throws "conflict" where an exec can't be started (again). */
export function checkExecStartable(exec: Exec): void {
  if (exec.status === "running")
    throw new EngineError("conflict", `exec command ${exec.id} is already running`);
  if (exec.status === "ended") throw new EngineError("conflict", `exec command ${exec.id} has already run`);
  requireExecutable(exec.container);
}

function attachmentFor(exec: Exec, client: StreamClient): Attachment {
  const { config } = exec;
  return {
    fd: client.fd,
    early: client.early,
    stdin: config.attachStdin,
    stdout: config.attachStdout,
    stderr: config.attachStderr,
    detachKeys: config.detachKeys,
  };
}

/**
 * Starts an exec; resolves once its process runs. The client, if there is one, is given up to the process's shim.
 * Throws why it could not be started; then the exec has ended with Docker's exit code for that.
 */
export async function startExec(
  daemon: Daemon,
  exec: Exec,
  client: StreamClient | null,
  size: { rows: number; columns: number } | null,
): Promise<void> {
  const { container } = exec;
  exec.status = "running";
  publishContainerEvent(daemon, container, eventName("exec_start", exec), { execID: exec.id });
  try {
    exec.shim = await launch(daemon, exec, client, size);
  } catch (error) {
    const failure = error instanceof StepError ? execStartFailure(error) : { error, exitCode: 126 };
    finish(daemon, exec, failure.exitCode);
    throw failure.error;
  }
  exec.pid = exec.shim.pid;
  const { shim } = exec;
  void awaitExit(daemon, shim).then(exit => {
    cleanUpShim(daemon, shim);
    finish(daemon, exec, exit.code);
    publishContainerEvent(daemon, container, "exec_die", { execID: exec.id, exitCode: `${exit.code}` });
  });
}

async function launch(
  daemon: Daemon,
  exec: Exec,
  client: StreamClient | null,
  size: { rows: number; columns: number } | null,
): Promise<Shim> {
  const { container, config } = exec;
  const rootfs = daemon.live.of(container).layer?.merged ?? "";
  const process = processSpec(daemon, container, rootfs, {
    args: config.command,
    env: overlayEnv(containerEnv(container, config.tty), config.env),
    cwd: config.workingDir || container.config.WorkingDir,
    user: config.user || container.config.User,
    privileged: config.privileged || container.hostConfig.Privileged,
    terminal: config.tty ? (size ?? { rows: 0, columns: 0 }) : null,
  });
  const { pid } = container.state;
  try {
    return await daemon.shims.start(`${shimDirectory(daemon, container.id)}/${exec.id}`, container.id, {
      program: {
        settings: [
          ["pid-namespace", `/proc/${pid}/ns/pid`],
          ["cgroup", daemon.cgroups.group(container.id).path],
        ],
        steps: execSteps(process, pid),
      },
      tty: config.tty,
      openStdin: config.attachStdin,
      stdinOnce: true,
      attachments: client ? [attachmentFor(exec, client)] : [],
    });
  } finally {
    client?.release();
  }
}

function finish(daemon: Daemon, exec: Exec, exitCode: number): void {
  exec.status = "ended";
  exec.exitCode = exitCode;
  exec.shim = null;
  exec.pid = 0;
  daemon.sys.clock.after(KEEP_MS, () => {
    daemon.execs.delete(exec.id);
    if (daemon.containers.has(exec.container)) daemon.live.of(exec.container).execs.delete(exec.id);
  });
}

/** Sets the size of an exec's terminal. */
export async function resizeExec(daemon: Daemon, id: string, rows: number, columns: number): Promise<void> {
  const exec = findExec(daemon, id);
  if (exec.status !== "running" || !exec.shim)
    throw new EngineError("invalid", "exec process is not started");
  await exec.shim.resize(rows, columns);
}
