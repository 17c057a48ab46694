/** Files of containers in the Engine API's JSON. */

/** The header X-Docker-Container-Path-Stat, in base64. */
export interface ContainerPathStat {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Permissions and type in Go's bits (io/fs, FileMode). */
  readonly mode: number;
  /** RFC 3339. */
  readonly mtime: string;
  /** Where a symbolic link leads in the end, as a path of the container's; empty for others. */
  readonly linkTarget: string;
}

/** One of GET /containers/{id}/changes: 0 is modified, 1 added, 2 deleted. */
export interface ContainerChange {
  readonly Path: string;
  readonly Kind: 0 | 1 | 2;
}
