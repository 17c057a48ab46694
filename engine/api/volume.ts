/** The volume part of the Engine API's JSON, under its own key names. Sizes are bytes. */

/** GET /volumes/{name} */
export interface VolumeInspect {
  /** RFC 3339. */
  readonly CreatedAt: string;
  readonly Driver: string;
  readonly Labels: Readonly<Record<string, string>> | null;
  /** Where its files are. */
  readonly Mountpoint: string;
  readonly Name: string;
  readonly Options: Readonly<Record<string, string>> | null;
  readonly Scope: string;
}

/** GET /volumes */
export interface VolumesResponse {
  readonly Volumes: readonly VolumeInspect[];
  readonly Warnings: readonly string[] | null;
}

/** The body of POST /volumes/create. */
export interface VolumeCreateRequest {
  readonly Name?: string;
  readonly Driver?: string;
  readonly DriverOpts?: Readonly<Record<string, string>> | null;
  readonly Labels?: Readonly<Record<string, string>> | null;
}

/** POST /volumes/prune */
export interface VolumesPruneResponse {
  readonly VolumesDeleted: readonly string[];
  readonly SpaceReclaimed: number;
}
