import type { BindMount } from "../sys/views.ts";

/** Who a process runs as: numbers, already looked up in the container's files. */
export interface ProcessUser {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

/** setrlimit(2): the resource's number, and its limits; -1 is unlimited. */
export interface ResourceLimit {
  readonly resource: number;
  readonly soft: number;
  readonly hard: number;
}

/** One process of a container: its first, or an exec (OCI runtime-spec, "process"). */
export interface ProcessSpec {
  readonly args: readonly string[];
  /** NAME=VALUE */
  readonly env: readonly string[];
  readonly cwd: string;
  readonly user: ProcessUser;
  /** With "CAP_". */
  readonly capabilities: ReadonlySet<string>;
  readonly noNewPrivileges: boolean;
  /** From compileSeccomp(), or null for none. */
  readonly seccomp: string | null;
  readonly rlimits: readonly ResourceLimit[];
  readonly oomScoreAdj: number;
  /** A pty of this size; null for pipes. */
  readonly terminal: { readonly rows: number; readonly columns: number } | null;
}

/** A file system inside the container. */
export interface MountSpec {
  /** A path of the container's; a directory is made there where none is. */
  readonly target: string;
  readonly source: string;
  readonly type: string;
  readonly flags: number;
  readonly data: string;
}

/** Which namespace of a kind a container gets: one of its own, the host's, or one that a path names. */
export type NamespaceChoice = "new" | "host" | { readonly path: string };

/** A character device in /dev. */
export interface DeviceSpec {
  readonly path: string;
  readonly mode: number;
  readonly major: number;
  readonly minor: number;
  readonly uid: number;
  readonly gid: number;
}

/** A container, ready to be made from a mounted root file system (OCI runtime-spec, "config"). */
export interface ContainerSpec {
  readonly rootfs: string;
  readonly readonlyRootfs: boolean;
  readonly hostname: string;
  readonly domainname: string;
  readonly namespaces: {
    readonly pid: NamespaceChoice;
    readonly network: NamespaceChoice;
    readonly ipc: NamespaceChoice;
    readonly uts: NamespaceChoice;
    readonly cgroup: NamespaceChoice;
  };
  /** In order. */
  readonly mounts: readonly (MountSpec | BindMount)[];
  /** Whether a mount shares what is mounted below it with the host (mount_namespaces(7), "shared"). */
  readonly sharesMounts: boolean;
  readonly devices: readonly DeviceSpec[];
  readonly maskedPaths: readonly string[];
  readonly readonlyPaths: readonly string[];
  /** "net.core.somaxconn" and its value. */
  readonly sysctls: Readonly<Record<string, string>>;
  readonly process: ProcessSpec;
}
