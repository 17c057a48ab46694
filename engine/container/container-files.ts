import type { Files } from "../sys/files.ts";
import type { ContainerConfig, HostConfig } from "./config.ts";
import { Container } from "./container.ts";
import type { MountPoints } from "./mount-point.ts";
import { type ContainerState, createdState, hasProcess, isRunning, type Status } from "./state.ts";

/** `config.v2.json`, under Docker's key names. */
interface StoredContainer {
  ID: string;
  Name: string;
  Created: string;
  Image: string;
  Path: string;
  Args: readonly string[];
  Config: ContainerConfig;
  State: StoredState;
  RestartCount: number;
  HasBeenStartedBefore: boolean;
  HasBeenManuallyStopped: boolean;
  Driver: string;
  OS: string;
  LogPath: string;
  MountPoints?: MountPoints;
  /** Ours: a removal that a crash cuts short goes on as it began. */
  RemovesVolumes?: boolean;
}

interface StoredState {
  Running: boolean;
  Paused: boolean;
  Restarting: boolean;
  OOMKilled: boolean;
  RemovalInProgress: boolean;
  Dead: boolean;
  Pid: number;
  ExitCode: number;
  Error: string;
  StartedAt: string;
  FinishedAt: string;
}

/** There while a container is being made. */
const BEGUN = "begun.json";

function storeState(state: ContainerState): StoredState {
  return {
    Running: isRunning(state.status),
    Paused: state.status === "paused",
    Restarting: state.status === "restarting",
    OOMKilled: state.oomKilled,
    RemovalInProgress: state.status === "removing",
    Dead: state.status === "dead",
    Pid: state.pid,
    ExitCode: state.exitCode,
    Error: state.error,
    StartedAt: state.startedAt,
    FinishedAt: state.finishedAt,
  };
}

function statusOf(stored: StoredState): Status {
  if (stored.Dead) return "dead";
  if (stored.RemovalInProgress) return "removing";
  if (stored.Restarting) return "restarting";
  if (stored.Paused) return "paused";
  if (stored.Running) return "running";
  return stored.StartedAt === createdState.startedAt ? "created" : "exited";
}

function loadState(stored: StoredState): ContainerState {
  const status = statusOf(stored);
  return {
    status,
    pid: hasProcess(status) ? stored.Pid : 0,
    exitCode: stored.ExitCode,
    error: stored.Error,
    oomKilled: stored.OOMKilled,
    startedAt: stored.StartedAt,
    finishedAt: stored.FinishedAt,
  };
}

/** The directories of containers, `<data root>/containers/<id>`. */
export class ContainerFiles {
  readonly #files: Files;
  readonly #root: string;

  constructor(files: Files, root: string) {
    this.#files = files;
    this.#root = `${root}/containers`;
    files.makeDirectories(this.#root, 0o710);
  }

  directory(id: string): string {
    return `${this.#root}/${id}`;
  }

  /** A file of Docker's in the directory: "hosts", "hostname", "resolv.conf". */
  path(id: string, name: string): string {
    return `${this.#root}/${id}/${name}`;
  }

  logPath(id: string): string {
    return this.path(id, `${id}-json.log`);
  }

  /** Makes the directory, and notes the volumes that are about to be made for nobody but this container. */
  begin(id: string, volumes: readonly string[]): void {
    this.#files.makeDirectory(this.directory(id), 0o710);
    this.#files.writeAtomic(this.path(id, BEGUN), JSON.stringify({ volumes }));
  }

  /** What a creation that a crash has cut short has begun; null where the container is complete. */
  begun(id: string): { readonly volumes: readonly string[] } | null {
    const path = this.path(id, BEGUN);
    if (this.#files.exists(path)) return JSON.parse(this.#files.readText(path));
    return this.#files.exists(this.path(id, "config.v2.json")) ? null : { volumes: [] };
  }

  /** Writes a container for the first time; from here on it exists. */
  create(container: Container): void {
    const { id } = container;
    if (!this.#files.exists(this.directory(id))) this.#files.makeDirectory(this.directory(id), 0o710);
    this.saveHostConfig(container);
    this.save(container);
    this.#files.removeFile(this.path(id, BEGUN));
  }

  /** Writes what changes as it lives. */
  save(container: Container): void {
    const stored: StoredContainer = {
      ID: container.id,
      Name: `/${container.name}`,
      Created: container.created,
      Image: container.imageId,
      Path: container.path,
      Args: container.args,
      Config: container.config,
      State: storeState(container.state),
      RestartCount: container.restartCount,
      HasBeenStartedBefore: container.hasStarted,
      HasBeenManuallyStopped: container.manuallyStopped,
      Driver: "overlay2",
      OS: "linux",
      LogPath: container.hostConfig.LogConfig.Type === "json-file" ? this.logPath(container.id) : "",
      MountPoints: container.mountPoints,
      ...(container.removesVolumes ? { RemovesVolumes: true } : {}),
    };
    this.#files.writeAtomic(this.path(container.id, "config.v2.json"), JSON.stringify(stored));
  }

  saveHostConfig(container: Container): void {
    const text = JSON.stringify(container.hostConfig);
    this.#files.writeAtomic(this.path(container.id, "hostconfig.json"), text, 0o644);
  }

  /** The ids that have a directory. */
  ids(): string[] {
    return this.#files.list(this.#root);
  }

  /** Reads a container back. Throws where its files are not complete. */
  load(id: string): Container {
    const stored: StoredContainer = JSON.parse(this.#files.readText(this.path(id, "config.v2.json")));
    const hostConfig: HostConfig = JSON.parse(this.#files.readText(this.path(id, "hostconfig.json")));
    const container = new Container({
      id: stored.ID,
      name: stored.Name.slice(1),
      created: stored.Created,
      imageId: stored.Image,
      path: stored.Path,
      args: stored.Args,
      config: stored.Config,
      hostConfig,
    });
    container.state = loadState(stored.State);
    container.restartCount = stored.RestartCount;
    container.hasStarted = stored.HasBeenStartedBefore;
    container.manuallyStopped = stored.HasBeenManuallyStopped;
    container.mountPoints = stored.MountPoints ?? {};
    container.removesVolumes = stored.RemovesVolumes ?? false;
    return container;
  }

  remove(id: string): void {
    this.#files.removeTree(this.directory(id));
  }
}
