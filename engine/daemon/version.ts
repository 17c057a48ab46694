import { API_VERSION, MIN_API_VERSION, type SystemVersion } from "../api/system.ts";
import type { Daemon } from "./daemon.ts";

/** The engine's own version: Docker's that it follows. */
export const ENGINE_VERSION = "28.2.2";

/** GET /version */
export function systemVersion(daemon: Daemon): SystemVersion {
  const { release } = daemon.sys.machine();
  const { os, architecture } = daemon.platform;
  const details = {
    ApiVersion: API_VERSION,
    Arch: architecture,
    BuildTime: BUILD_TIME,
    Experimental: "false",
    GitCommit: GIT_COMMIT,
    GoVersion: LANGUAGE,
    KernelVersion: release,
    MinAPIVersion: MIN_API_VERSION,
    Os: os,
  };
  return {
    Platform: { Name: "Drydock" },
    Components: [{ Name: "Engine", Version: ENGINE_VERSION, Details: details }],
    Version: ENGINE_VERSION,
    ApiVersion: API_VERSION,
    MinAPIVersion: MIN_API_VERSION,
    GitCommit: GIT_COMMIT,
    GoVersion: LANGUAGE,
    Os: os,
    Arch: architecture,
    KernelVersion: release,
    BuildTime: BUILD_TIME,
  };
}

/** What stands where Docker tells its Go version: what we are written in. */
const LANGUAGE = "TypeScript (QuickJS 2025-04-26)";
const GIT_COMMIT = "drydock";
const BUILD_TIME = "";
