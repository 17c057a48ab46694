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

const UNFINISHED = ".tmp"; // ends the name of a directory that is being made or removed
const NOTE = ".volumes"; // ends the name of a note that stands beside the directory

/**
 * The directories of containers, `<data root>/containers/<id>`. They appear and go by one rename, so that a crash
 * never leaves half of one.
 */
export class ContainerFiles {
  readonly #files: Files;
  readonly #root: string;

  /** Removes what a crash has left. */
  constructor(files: Files, root: string) {
    this.#files = files;
    this.#root = `${root}/containers`;
    files.makeDirectories(this.#root, 0o710);
    for (const name of files.list(this.#root))
      if (name.endsWith(UNFINISHED)) files.removeTree(`${this.#root}/${name}`);
    for (const id of this.ids()) this.forgetVolumes(id); // they have their container
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

  /** Notes the volumes that are about to be made for nobody but a container which is not there yet. */
  noteVolumes(id: string, volumes: readonly string[]): void {
    this.#files.writeAtomic(this.#notePath(id), JSON.stringify(volumes));
  }

  /** The volumes that were noted for containers which a crash has kept from being made, by the container's id. */
  abandonedVolumes(): Map<string, readonly string[]> {
    const abandoned = new Map<string, readonly string[]>();
    for (const name of this.#files.list(this.#root)) {
      if (!name.endsWith(NOTE)) continue;
      const id = name.slice(0, -NOTE.length);
      const volumes: readonly string[] = JSON.parse(this.#files.readText(this.#notePath(id)));
      abandoned.set(id, volumes);
    }
    return abandoned;
  }

  /** Takes the note of a container's volumes away; absent is fine. */
  forgetVolumes(id: string): void {
    const note = this.#notePath(id);
    if (this.#files.exists(note)) this.#files.removeFile(note);
  }

  /** Makes the directory, and writes a container for the first time. Nothing is left when that fails. */
  create(container: Container): void {
    const directory = this.directory(container.id);
    const unfinished = directory + UNFINISHED;
    try {
      this.#files.makeDirectory(unfinished, 0o710);
      this.#writeHostConfig(unfinished, container);
      this.#write(unfinished, container);
      this.#files.rename(unfinished, directory);
    } catch (error) {
      this.#files.removeTree(unfinished);
      throw error;
    }
  }

  /** Writes what changes as it lives. */
  save(container: Container): void {
    this.#write(this.directory(container.id), container);
  }

  saveHostConfig(container: Container): void {
    this.#writeHostConfig(this.directory(container.id), container);
  }

  /** The ids that have a directory. */
  ids(): string[] {
    return this.#files.list(this.#root).filter(name => !name.endsWith(NOTE));
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

  /** Absent is fine. */
  remove(id: string): void {
    const directory = this.directory(id);
    if (!this.#files.exists(directory)) return;
    this.#files.rename(directory, directory + UNFINISHED);
    this.#files.removeTree(directory + UNFINISHED);
  }

  #notePath(id: string): string {
    return `${this.#root}/${id}${NOTE}`;
  }

  #write(directory: string, container: Container): void {
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
    this.#files.writeAtomic(`${directory}/config.v2.json`, JSON.stringify(stored));
  }

  #writeHostConfig(directory: string, container: Container): void {
    this.#files.writeAtomic(`${directory}/hostconfig.json`, JSON.stringify(container.hostConfig), 0o644);
  }
}
