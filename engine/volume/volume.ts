import { EngineError } from "../base/errors.ts";
import type { VolumeOptions } from "./volume-options.ts";

/** The only driver that there is. */
export const LOCAL_DRIVER = "local";

/** The label of volumes that were given no name: they go with `docker rm -v` and `docker volume prune`. */
export const ANONYMOUS_LABEL = "com.docker.volume.anonymous";

/** A directory of files that outlives containers. */
export interface Volume {
  readonly name: string;
  /** Where its files are. */
  readonly path: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly labels: Readonly<Record<string, string>> | null;
  readonly options: VolumeOptions | null;
}

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

/** Throws "invalid" in Docker's words where a name can't be a volume's. */
export function checkVolumeName(name: string): void {
  if (name.length === 1)
    throw new EngineError(
      "invalid",
      "volume name is too short, names should be at least two alphanumeric characters",
    );
  if (NAME.test(name)) return;
  throw new EngineError(
    "invalid",
    `${JSON.stringify(name)} includes invalid characters for a local volume name, only ` +
      '"[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path',
  );
}

/** Whether a name in the directory of volumes can be one. */
export function isVolumeName(name: string): boolean {
  return NAME.test(name);
}
