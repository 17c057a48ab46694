import type { DeviceSpec } from "./process-spec.ts";

function device(name: string, major: number, minor: number): DeviceSpec {
  return { path: `/dev/${name}`, mode: 0o666, major, minor, uid: 0, gid: 0 };
}

/** The devices of every container (OCI runtime-spec, "Default Devices"). */
export const defaultDevices: readonly DeviceSpec[] = [
  device("null", 1, 3),
  device("zero", 1, 5),
  device("full", 1, 7),
  device("random", 1, 8),
  device("urandom", 1, 9),
  device("tty", 5, 0),
];

/** The links of every container's /dev: target and path (OCI runtime-spec, "Dev symbolic links"). */
export const defaultLinks: readonly (readonly [target: string, path: string])[] = [
  ["/proc/self/fd", "/dev/fd"],
  ["/proc/self/fd/0", "/dev/stdin"],
  ["/proc/self/fd/1", "/dev/stdout"],
  ["/proc/self/fd/2", "/dev/stderr"],
  ["/proc/kcore", "/dev/core"],
  ["pts/ptmx", "/dev/ptmx"],
];
