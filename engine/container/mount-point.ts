/**
 * Mounts of containers, under Docker's own key names: as the Engine API has them, and as they are kept in
 * `config.v2.json`.
 */

/** How a mount is asked for (Engine API, Mount). Sizes are bytes. */
export interface MountConfig {
  readonly Type?: string;
  readonly Source?: string;
  readonly Target?: string;
  readonly ReadOnly?: boolean;
  readonly Consistency?: string;
  readonly BindOptions?: {
    readonly Propagation?: string;
    readonly NonRecursive?: boolean;
    readonly CreateMountpoint?: boolean;
    readonly ReadOnlyNonRecursive?: boolean;
    readonly ReadOnlyForceRecursive?: boolean;
  } | null;
  readonly VolumeOptions?: {
    readonly NoCopy?: boolean;
    readonly Labels?: Readonly<Record<string, string>> | null;
    readonly DriverConfig?: {
      readonly Name?: string;
      readonly Options?: Readonly<Record<string, string>> | null;
    } | null;
    readonly Subpath?: string;
  } | null;
  readonly TmpfsOptions?: {
    readonly SizeBytes?: number;
    readonly Mode?: number;
    readonly Options?: readonly (readonly string[])[] | null;
  } | null;
  readonly ImageOptions?: object | null;
}

/** Something that a container mounts each time it starts. */
export interface MountPoint {
  readonly Type: "bind" | "volume" | "tmpfs";
  /** A path of the host's; of an anonymous volume it may be empty, of a tmpfs it is. */
  readonly Source: string;
  /** A path of the container's. */
  readonly Destination: string;
  readonly RW: boolean;
  /** The volume's; empty for other types. */
  readonly Name: string;
  readonly Driver: string;
  /** The options behind the second colon of `-v`; the key has its name from the first of them. */
  readonly Relabel?: string;
  /** "rprivate" and the like; empty leaves the kernel's. */
  readonly Propagation: string;
  /** How it was asked for. */
  readonly Spec: MountConfig;
  /** A missing source is an error, not a directory to be made. */
  readonly SkipMountpointCreation: boolean;
}

/** Mount points by their destination, in the order in which they were asked for. */
export type MountPoints = Readonly<Record<string, MountPoint>>;

/** Whether a volume was named by nobody: then it goes with `docker rm -v`. */
export function isAnonymous(mount: MountPoint): boolean {
  return mount.Type === "volume" && !mount.Spec.Source;
}
