import type { MountPointView } from "../api/container.ts";
import type { Container } from "../container/container.ts";

/** The mounts of a container as `docker inspect` and `docker ps` show them. */
export function mountViews(container: Container): MountPointView[] {
  return Object.values(container.mountPoints).map(mount => ({
    Type: mount.Type,
    ...(mount.Name === "" ? {} : { Name: mount.Name }),
    Source: mount.Source,
    Destination: mount.Destination,
    ...(mount.Driver === "" ? {} : { Driver: mount.Driver }),
    Mode: mount.Relabel ?? "",
    RW: mount.RW,
    Propagation: mount.Propagation,
  }));
}
