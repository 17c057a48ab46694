import { EngineError, messageOf } from "../base/errors.ts";
import { parseRamSize } from "../base/units.ts";
import type { Log } from "../daemon/daemon.ts";
import { type DaemonFile, parseDaemonFile, type Settings } from "../daemon/settings.ts";
import { ENGINE_VERSION } from "../daemon/version.ts";
import { HttpServer } from "../server/http-server.ts";
import { Router } from "../server/router.ts";
import { containerFileRoutes } from "../server/routes/container-files.ts";
import { containerRoutes } from "../server/routes/containers.ts";
import { execRoutes } from "../server/routes/execs.ts";
import { imageRoutes } from "../server/routes/images.ts";
import { statsRoutes } from "../server/routes/stats.ts";
import { systemRoutes } from "../server/routes/system.ts";
import { volumeRoutes } from "../server/routes/volumes.ts";
import { nativeSys, program } from "../sys/quickjs/sys.ts";
import type { Connection } from "../sys/streams.ts";
import type { Sys } from "../sys/sys.ts";
import {
  containerBackend,
  containerFilesBackend,
  execBackend,
  imageBackend,
  statsBackend,
  systemBackend,
  volumeBackend,
} from "./backends.ts";
import { type DaemonFlags, parseDaemonFlags } from "./daemon-flags.ts";
import { openDaemon } from "./open-daemon.ts";

const DEFAULT_SHM = 64 * 1024 * 1024;
const SIGNALS = [2, 15]; // SIGINT, SIGTERM

function makeLog(sys: Sys, debug: boolean): Log {
  return (level, message) => {
    if (level === "debug" && !debug) return;
    program.writeError(`time="${sys.clock.timestamp()}" level=${level} msg=${JSON.stringify(message)}\n`);
  };
}

function readDaemonFile(sys: Sys, flags: DaemonFlags): DaemonFile {
  if (!sys.files.exists(flags.configFile)) {
    if (!flags.given.has("config-file")) return {};
    throw new EngineError(
      "invalid",
      `unable to configure the Docker daemon with file ${flags.configFile}: open ${flags.configFile}: no such file or directory`,
    );
  }
  return parseDaemonFile(flags.configFile, sys.files.readText(flags.configFile), flags.given);
}

function list(value: unknown, fallback: readonly string[]): readonly string[] {
  return Array.isArray(value) ? value.map(String) : fallback;
}

function text(value: unknown, fallback: string): string {
  return typeof value === "string" ? value : fallback;
}

/** A key of daemon.json takes the place of a flag's default; both given is an error before this. */
function settingsFrom(flags: DaemonFlags, file: DaemonFile): Settings {
  const shm = file["default-shm-size"];
  return {
    hosts: list(file.hosts, flags.hosts),
    dataRoot: text(file["data-root"], flags.dataRoot),
    execRoot: text(file["exec-root"], flags.execRoot),
    pidFile: text(file.pidfile, flags.pidFile),
    registryMirrors: list(file["registry-mirrors"], flags.registryMirrors),
    maxConcurrentDownloads: Number(file["max-concurrent-downloads"] ?? flags.maxConcurrentDownloads),
    shmSize: typeof shm === "string" ? parseRamSize(shm) : DEFAULT_SHM,
    debug: flags.debug || file.debug === true,
    labels: list(file.labels, flags.labels),
    cgroupParent: text(file["cgroup-parent"], flags.cgroupParent),
    shim: flags.shim,
  };
}

/** Throws "conflict" where another daemon runs with this pid file. */
function writePidFile(sys: Sys, path: string): void {
  if (sys.files.exists(path)) {
    const pid = Number(sys.files.readText(path));
    if (pid > 0 && pid !== sys.processes.pid && sys.files.exists(`/proc/${pid}`))
      throw new EngineError(
        "conflict",
        `failed to start daemon, ensure docker is not running or delete ${path}: process with PID ${pid} is still running`,
      );
  }
  sys.files.makeDirectories(path.slice(0, path.lastIndexOf("/")) || "/", 0o755);
  sys.files.writeAtomic(path, `${sys.processes.pid}`, 0o644);
}

function listen(sys: Sys, host: string, accept: (connection: Connection) => void): void {
  const match = /^(unix|tcp):\/\/(.+)$/.exec(host);
  if (match?.[1] === "unix" && match[2]) {
    const path = match[2];
    sys.files.makeDirectories(path.slice(0, path.lastIndexOf("/")) || "/", 0o755);
    sys.sockets.listenUnix(path, 0o660, accept);
    return;
  }
  const address = /^(\d+\.\d+\.\d+\.\d+):(\d+)$/.exec(match?.[2] ?? "");
  if (!address) throw new EngineError("invalid", `invalid bind address (${host})`);
  sys.sockets.listenTcp(address[1] ?? "", Number(address[2]), accept);
}

async function main(): Promise<void> {
  program.setName("dockerd");
  program.umask(0o022);
  const sys = nativeSys();
  const flags = parseDaemonFlags(program.arguments);
  const settings = settingsFrom(flags, readDaemonFile(sys, flags));
  const log = makeLog(sys, settings.debug);
  program.onUnhandledRejection((_, reason) =>
    log("error", `unhandled: ${messageOf(reason)} ${stackOf(reason)}`),
  );
  writePidFile(sys, settings.pidFile);
  log("info", "Starting up");
  const daemon = await openDaemon(sys, settings, log);
  const router = new Router([
    ...systemRoutes(systemBackend(daemon)),
    ...containerRoutes(containerBackend(daemon)),
    ...containerFileRoutes(containerFilesBackend(daemon)),
    ...statsRoutes(statsBackend(daemon)),
    ...execRoutes(execBackend(daemon)),
    ...imageRoutes(imageBackend(daemon)),
    ...volumeRoutes(volumeBackend(daemon)),
  ]);
  const server = new HttpServer(router, sys.bytes, `Docker/${ENGINE_VERSION} (linux)`, problem =>
    log("error", problem),
  );
  for (const host of settings.hosts) {
    listen(sys, host, connection => void server.serve(connection));
    log("info", `API listen on ${host.replace(/^\w+:\/\//, "")}`);
  }
  for (const signal of SIGNALS)
    sys.processes.onSignal(signal, () => {
      log("info", "Processing signal 'terminated'");
      sys.files.removeFile(settings.pidFile);
      program.exit(0); // containers go on in their shims; the next daemon adopts them
    });
  log("info", "Daemon has completed initialization");
}

function stackOf(reason: unknown): string {
  return reason instanceof Error ? (reason.stack ?? "") : "";
}

main().catch((error: unknown) => {
  program.writeError(`failed to start daemon: ${messageOf(error)}\n`);
  if (!(error instanceof EngineError)) program.writeError(stackOf(error));
  program.exit(1);
});
