import type { ExecInspect } from "../api/container.ts";
import { parseDetachKeys } from "../base/detach-keys.ts";
import { EngineError } from "../base/errors.ts";
import { archivePath } from "../daemon/archive-path.ts";
import { attachContainer, checkAttachable, type StreamClient } from "../daemon/attach-container.ts";
import { containerChanges } from "../daemon/container-changes.ts";
import { containerLogs } from "../daemon/container-logs.ts";
import { containerStats, encodeStats } from "../daemon/container-stats.ts";
import { containerTop } from "../daemon/container-top.ts";
import { createContainer } from "../daemon/create-container.ts";
import { createVolume } from "../daemon/create-volume.ts";
import type { Daemon } from "../daemon/daemon.ts";
import {
  checkExecStartable,
  createExec,
  type Exec,
  findExec,
  resizeExec,
  startExec,
} from "../daemon/exec.ts";
import { exportContainer } from "../daemon/export-container.ts";
import { extractArchive } from "../daemon/extract-archive.ts";
import { imageHistory, imageInspect } from "../daemon/image-view.ts";
import { systemInfo } from "../daemon/info.ts";
import { inspectContainer } from "../daemon/inspect-container.ts";
import { killContainer } from "../daemon/kill-container.ts";
import { listContainers } from "../daemon/list-containers.ts";
import { listImages } from "../daemon/list-images.ts";
import { listVolumes, volumeView } from "../daemon/list-volumes.ts";
import { containerPathStat } from "../daemon/path-stat.ts";
import { pruneVolumes } from "../daemon/prune-volumes.ts";
import { parsePlatform, pullImage, pullReference } from "../daemon/pull-image.ts";
import { removeContainer } from "../daemon/remove-container.ts";
import { removeImage } from "../daemon/remove-image.ts";
import { removeVolume } from "../daemon/remove-volume.ts";
import { renameContainer } from "../daemon/rename-container.ts";
import { resizeContainer } from "../daemon/resize-container.ts";
import { resolveImage } from "../daemon/resolve-image.ts";
import { startContainer } from "../daemon/start-container.ts";
import { restartContainer, stopContainer } from "../daemon/stop-container.ts";
import { tagImage } from "../daemon/tag-image.ts";
import { systemVersion } from "../daemon/version.ts";
import { waitContainer } from "../daemon/wait-container.ts";
import { watchEvents } from "../daemon/watch-events.ts";
import type { Hijacked } from "../server/response.ts";
import type { ContainerFilesBackend } from "../server/routes/container-files.ts";
import type { ContainerBackend } from "../server/routes/containers.ts";
import type { ExecBackend } from "../server/routes/execs.ts";
import type { ImageBackend } from "../server/routes/images.ts";
import type { StatsBackend } from "../server/routes/stats.ts";
import type { SystemBackend } from "../server/routes/system.ts";
import type { VolumeBackend } from "../server/routes/volumes.ts";

/** A connection as the daemon's shims take it: once they have a copy, ours is closed. */
function streamClient({ connection, early }: Hijacked): StreamClient {
  return { fd: connection.fd, early, release: () => connection.close() };
}

/** What the API's routes for containers call. */
export function containerBackend(daemon: Daemon): ContainerBackend {
  return {
    async create(name, platform, body) {
      const { HostConfig, NetworkingConfig: _, ...config } = body;
      const { id, warnings } = await createContainer(daemon, {
        name,
        platform: platform === "" ? null : parsePlatform(daemon, platform),
        config: JSON.parse(JSON.stringify(config)), // a copy, which the container may change
        hostConfig: JSON.parse(JSON.stringify(HostConfig ?? {})),
      });
      return { Id: id, Warnings: warnings };
    },
    list: options => listContainers(daemon, options),
    inspect: (name, size) => inspectContainer(daemon, name, size),
    start: name => startContainer(daemon, name),
    stop: (name, options) => stopContainer(daemon, name, options),
    restart: (name, options) => restartContainer(daemon, name, options),
    async kill(name, signal) {
      try {
        await killContainer(daemon, name, signal);
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        throw new EngineError(error.kind, `cannot kill container: ${name}: ${error.message}`, {
          cause: error,
        });
      }
    },
    rename: (name, newName) => renameContainer(daemon, name, newName),
    remove: (name, options) => removeContainer(daemon, name, options),
    resize: (name, rows, columns) => resizeContainer(daemon, name, rows, columns),
    top: (name, psArgs) => containerTop(daemon, name, psArgs),
    async wait(name, condition) {
      const { exitCode, error } = await waitContainer(daemon, name, condition);
      return { StatusCode: exitCode, ...(error ? { Error: { Message: error } } : {}) };
    },
    logs(name, selection) {
      const log = containerLogs(daemon, name, selection);
      return { ...log, encode: text => daemon.sys.bytes.encode(text) };
    },
    attach(name) {
      const container = daemon.containers.find(name);
      checkAttachable(container, name);
      return {
        tty: container.config.Tty,
        join: (client, selection) => attachContainer(daemon, container, streamClient(client), selection),
      };
    },
  };
}

function describeExec(exec: Exec): ExecInspect {
  const { config } = exec;
  const [entrypoint = "", ...args] = config.command;
  return {
    ID: exec.id,
    Running: exec.status === "running",
    ExitCode: exec.exitCode,
    ProcessConfig: {
      tty: config.tty,
      entrypoint,
      arguments: args,
      privileged: config.privileged,
      ...(config.user ? { user: config.user } : {}),
    },
    OpenStdin: config.attachStdin,
    OpenStderr: config.attachStderr,
    OpenStdout: config.attachStdout,
    CanRemove: exec.status === "ended",
    ContainerID: exec.container.id,
    DetachKeys: "",
    Pid: exec.pid,
  };
}

/** What the API's routes for execs call. */
export function execBackend(daemon: Daemon): ExecBackend {
  return {
    create: (container, body) =>
      createExec(daemon, container, {
        user: body.User ?? "",
        privileged: body.Privileged ?? false,
        tty: body.Tty ?? false,
        attachStdin: body.AttachStdin ?? false,
        attachStdout: body.AttachStdout ?? false,
        attachStderr: body.AttachStderr ?? false,
        detachKeys: body.DetachKeys ? parseDetachKeys(body.DetachKeys) : new Uint8Array(),
        env: body.Env ?? [],
        workingDir: body.WorkingDir ?? "",
        command: body.Cmd ?? [],
      }),
    inspect: id => describeExec(findExec(daemon, id)),
    prepare(id) {
      const exec = findExec(daemon, id);
      checkExecStartable(exec);
      return {
        tty: exec.config.tty,
        start: (client, size) => startExec(daemon, exec, client ? streamClient(client) : null, size),
      };
    },
    resize: (id, rows, columns) => resizeExec(daemon, id, rows, columns),
    encode: text => daemon.sys.bytes.encode(text),
  };
}

/** What the API's routes for images call. */
export function imageBackend(daemon: Daemon): ImageBackend {
  return {
    list: (all, filters) => listImages(daemon, all, filters),
    inspect: name => imageInspect(daemon, resolveImage(daemon, name)),
    history: name => imageHistory(daemon, resolveImage(daemon, name)),
    pull(image, tag, platform) {
      const reference = pullReference(image, tag);
      const wanted = parsePlatform(daemon, platform);
      return report => pullImage(daemon, reference, wanted, report);
    },
    remove: (name, options) => removeImage(daemon, name, options),
    tag: (name, repository, tag) => tagImage(daemon, name, repository, tag),
  };
}

/** What the API's routes for the files of containers call. */
export function containerFilesBackend(daemon: Daemon): ContainerFilesBackend {
  return {
    stat: (name, path) => containerPathStat(daemon, name, path),
    archive: (name, path) => archivePath(daemon, name, path),
    extract: (name, path, body, options) => extractArchive(daemon, name, path, body, options),
    export: name => exportContainer(daemon, name),
    changes: name => containerChanges(daemon, name),
    encode: text => daemon.sys.bytes.encode(text),
  };
}

/** What the API's routes for statistics call. */
export function statsBackend(daemon: Daemon): StatsBackend {
  return {
    watch(name, options) {
      const samples = containerStats(daemon, name, options);
      const next = async (): Promise<string | null> => {
        const stats = await samples.next();
        return stats && encodeStats(stats);
      };
      return { next, close: () => samples.close() };
    },
  };
}

/** What the API's routes for volumes call. */
export function volumeBackend(daemon: Daemon): VolumeBackend {
  return {
    list: filters => ({ Volumes: listVolumes(daemon, filters), Warnings: null }),
    inspect: name => volumeView(daemon.volumes.find(name)),
    create: body =>
      volumeView(
        createVolume(daemon, {
          name: body.Name ?? "",
          driver: body.Driver ?? "",
          options: body.DriverOpts ?? null,
          labels: body.Labels ?? null,
        }),
      ),
    remove: (name, force) => removeVolume(daemon, name, force),
    prune: filters => pruneVolumes(daemon, filters),
  };
}

/** What the API's routes for the system call. */
export function systemBackend(daemon: Daemon): SystemBackend {
  return {
    version: () => systemVersion(daemon),
    info: () => systemInfo(daemon),
    watchEvents: (selection, deliver, ended) => watchEvents(daemon, selection, deliver, ended),
  };
}
