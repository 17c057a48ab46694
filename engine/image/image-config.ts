/** The defaults that an image gives to its containers (OCI image-spec, config.md, with Docker's extensions). */
export interface ImageDefaults {
  readonly User?: string;
  readonly ExposedPorts?: Readonly<Record<string, object>> | null;
  readonly Env?: readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
  readonly Entrypoint?: readonly string[] | null;
  readonly Volumes?: Readonly<Record<string, object>> | null;
  readonly WorkingDir?: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly StopSignal?: string;
  readonly StopTimeout?: number;
  readonly Shell?: readonly string[] | null;
  readonly OnBuild?: readonly string[] | null;
  readonly Healthcheck?: {
    readonly Test?: readonly string[];
    readonly Interval?: number;
    readonly Timeout?: number;
    readonly StartPeriod?: number;
    readonly StartInterval?: number;
    readonly Retries?: number;
  };
}

/** One step of an image's making. */
export interface HistoryEntry {
  readonly created?: string;
  readonly created_by?: string;
  readonly author?: string;
  readonly comment?: string;
  /** It changed the configuration alone. */
  readonly empty_layer?: boolean;
}

/** An image's configuration file: its digest is the image's id. */
export interface ImageConfig {
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
  readonly created?: string;
  readonly author?: string;
  readonly docker_version?: string;
  readonly comment?: string;
  readonly container?: string;
  readonly config?: ImageDefaults;
  readonly rootfs: { readonly type: string; readonly diff_ids: readonly string[] };
  readonly history?: readonly HistoryEntry[];
}

/** Reads a configuration file. Throws a SyntaxError or TypeError where it is none. */
export function parseImageConfig(text: string): ImageConfig {
  const config: ImageConfig = JSON.parse(text);
  if (config === null || typeof config !== "object") throw new TypeError("image config is not an object");
  if (!Array.isArray(config.rootfs?.diff_ids)) throw new TypeError("image config has no rootfs.diff_ids");
  return config;
}
