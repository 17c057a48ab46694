/** What `docker create` and `docker run` mount into a container. */
import type { ContainerCreateRequest, HostConfig, MountRequest } from "../../api/container.ts";
import { cleanPath } from "../../base/paths.ts";
import type { CommandContext } from "../context.ts";
import { userPath } from "../user-files.ts";
import type { ContainerFlagValues } from "./container-flags.ts";
import { pairMap } from "./key-values.ts";
import { parseVolumeSpec } from "./volume-spec.ts";

/** A path that starts with "." is the user's; the daemon knows nothing of where the user is. */
function absolute(context: CommandContext, path: string): string {
  return path.startsWith(".") ? cleanPath(userPath(context, path)) : path;
}

function bindText(context: CommandContext, text: string): string {
  const colon = text.indexOf(":");
  return absolute(context, text.slice(0, colon)) + text.slice(colon);
}

function mountRequest(context: CommandContext, mount: MountRequest): MountRequest {
  const { Source: source } = mount;
  return source === undefined ? mount : { ...mount, Source: absolute(context, source) };
}

/** Throws "invalid" in Docker's words where a value of `-v` makes no sense. */
export function storageRequest(
  context: CommandContext,
  values: ContainerFlagValues,
): { volumes: NonNullable<ContainerCreateRequest["Volumes"]>; hostConfig: HostConfig } {
  const binds: string[] = [];
  const volumes: Record<string, object> = {};
  for (const text of new Set(values.volume)) {
    const { source, isBind } = parseVolumeSpec(text);
    if (source === "") volumes[text] = {};
    else binds.push(isBind ? bindText(context, text) : text);
  }
  const mounts = values.mount.map(mount => mountRequest(context, mount));
  return {
    volumes,
    hostConfig: {
      Binds: binds.length > 0 ? binds : null,
      VolumesFrom: values["volumes-from"].length > 0 ? values["volumes-from"] : null,
      VolumeDriver: values["volume-driver"],
      ReadonlyRootfs: values["read-only"],
      ShmSize: values["shm-size"],
      ...(values.tmpfs.length > 0 ? { Tmpfs: pairMap(values.tmpfs, ":") } : {}),
      ...(mounts.length > 0 ? { Mounts: mounts } : {}),
    },
  };
}
