import { EngineError, messageOf } from "../base/errors.ts";
import { cleanPath, isLocalPath } from "../base/paths.ts";
import type { MountConfig, MountPoint } from "./mount-point.ts";

const PROPAGATIONS = ["private", "rprivate", "slave", "rslave", "shared", "rshared"];

/** The options of `-v`, of each group at most one. */
const MODE_GROUPS: readonly (readonly string[])[] = [
  ["rw", "ro"],
  ["z", "Z"],
  PROPAGATIONS,
  ["nocopy"],
  ["consistent", "cached", "delegated"],
];

/** What a bind mount has when nothing else is said. */
const DEFAULT_PROPAGATION = "rprivate";

function isMode(mode: string): boolean {
  if (mode === "") return true;
  const options = mode.split(",");
  return (
    options.every(option => MODE_GROUPS.some(group => group.includes(option))) &&
    MODE_GROUPS.every(group => options.filter(option => group.includes(option)).length <= 1)
  );
}

function propagationIn(mode: string): string | undefined {
  return mode.split(",").find(option => PROPAGATIONS.includes(option));
}

/** Docker answers what is wrong with `-v` as an error of its own, and that with `--mount` as one of the client. */
function invalidSpec(raw: string): EngineError {
  return new EngineError("system", `invalid volume specification: '${raw}'`);
}

/** Throws "invalid" where a destination can't be one: relative, or "/". */
export function checkDestination(path: string): void {
  if (cleanPath(path) === "/")
    throw new EngineError("invalid", "invalid specification: destination can't be '/'");
  checkAbsolute(path);
}

function checkAbsolute(path: string): void {
  if (!path.startsWith("/"))
    throw new EngineError("invalid", `invalid mount path: '${path}' mount path must be absolute`);
}

/** Runs a check; what it finds is said of the mount. */
function checkMount(config: MountConfig, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new EngineError(
      "invalid",
      `invalid mount config for type "${config.Type ?? ""}": ${messageOf(error)}`,
      { cause: error },
    );
  }
}

function fail(problem: string): never {
  throw new EngineError("invalid", problem);
}

function checkBind(config: MountConfig): void {
  const { Source = "", BindOptions } = config;
  if (Source === "") fail("field Source must not be empty");
  const propagation = BindOptions?.Propagation;
  if (propagation && !PROPAGATIONS.includes(propagation)) fail(`invalid propagation mode: ${propagation}`);
  if (config.VolumeOptions) fail("field VolumeOptions must not be specified");
  if (config.ImageOptions) fail("field ImageOptions must not be specified");
  checkAbsolute(Source);
}

function checkVolume(config: MountConfig): void {
  if (config.BindOptions) fail("field BindOptions must not be specified");
  if (config.ImageOptions) fail("field ImageOptions must not be specified");
  const subpath = config.VolumeOptions?.Subpath;
  if (subpath && !config.Source) fail("must not set Subpath when using anonymous volumes");
  if (subpath && !isLocalPath(subpath)) fail("subpath must be a relative path within the volume");
  if (config.ReadOnly && !config.Source) fail("must not set ReadOnly mode when using anonymous volumes");
}

function checkTmpfs(config: MountConfig): void {
  if (config.BindOptions) fail("field BindOptions must not be specified");
  if (config.ImageOptions) fail("field ImageOptions must not be specified");
  if (config.Source) fail("field Source must not be specified");
  tmpfsOptions(config);
}

/** Throws "invalid" in Docker's words where a mount can't be what was asked for. */
export function checkMountConfig(config: MountConfig): void {
  checkMount(config, () => {
    if (!config.Target) fail("field Target must not be empty");
    checkDestination(config.Target);
    if (config.Type === "bind") checkBind(config);
    else if (config.Type === "volume") checkVolume(config);
    else if (config.Type === "tmpfs") checkTmpfs(config);
    else fail("mount type unknown");
  });
}

/** The same for a bind mount whose source must be there. */
export function checkBindSource(config: MountConfig, exists: (path: string) => boolean): void {
  checkMount(config, () => {
    const { Source = "" } = config;
    if (config.Type === "bind" && !config.BindOptions?.CreateMountpoint && !exists(Source))
      fail(`bind source path does not exist: ${Source}`);
  });
}

/** A number of bytes with the largest unit that divides it. */
function sizeOption(bytes: number): string {
  for (const [unit, size] of [
    ["g", 2 ** 30],
    ["m", 2 ** 20],
    ["k", 2 ** 10],
  ] as const)
    if (bytes % size === 0) return `size=${bytes / size}${unit}`;
  return `size=${bytes}`;
}

/** The options of `--mount type=tmpfs` as `--tmpfs` has them. */
export function tmpfsOptions({ TmpfsOptions: options, ReadOnly }: MountConfig): string[] {
  const more = (options?.Options ?? []).map(option => {
    if (option.length < 1 || option.length > 2) fail("invalid option array length");
    if (option[0] !== "exec" && option[0] !== "noexec") fail(`invalid option: ${option[0]}`);
    return option.join("=");
  });
  return [
    ...(ReadOnly ? ["ro"] : []),
    ...(options?.Mode ? [`mode=${options.Mode.toString(8)}`] : []),
    ...(options?.SizeBytes ? [sizeOption(options.SizeBytes)] : []),
    ...more,
  ];
}

/** The mount point that a configuration asks for. A volume's source is filled in once the volume is there. */
export function mountPointOf(config: MountConfig): MountPoint {
  checkMountConfig(config);
  const { BindOptions, VolumeOptions } = config;
  const type = config.Type === "bind" || config.Type === "tmpfs" ? config.Type : "volume";
  return {
    Type: type,
    Source: type === "bind" ? cleanPath(config.Source ?? "") : "",
    Destination: cleanPath(config.Target ?? ""),
    RW: !config.ReadOnly,
    Name: type === "volume" ? (config.Source ?? "") : "",
    Driver: VolumeOptions?.DriverConfig?.Name ?? "",
    Propagation: type === "bind" ? BindOptions?.Propagation || DEFAULT_PROPAGATION : "",
    Spec: config,
    SkipMountpointCreation: type === "bind" && !BindOptions?.CreateMountpoint,
  };
}

function configOfBind(
  raw: string,
  mode: string,
  words: readonly string[],
  volumeDriver: string,
): MountConfig {
  const [first = "", second] = words;
  const source = second === undefined ? "" : first;
  const isBind = source.startsWith("/");
  const options = mode.split(",");
  const noCopy = options.includes("nocopy");
  const propagation = propagationIn(mode);
  const driver = volumeDriver !== "" && !isBind ? { DriverConfig: { Name: volumeDriver } } : {};
  const config: MountConfig = {
    Type: isBind ? "bind" : "volume",
    ...(source === "" ? {} : { Source: source }),
    Target: second ?? first,
    ...(options.includes("ro") ? { ReadOnly: true } : {}),
    ...(noCopy || driver.DriverConfig
      ? { VolumeOptions: { ...(noCopy ? { NoCopy: true } : {}), ...driver } }
      : {}),
    ...(propagation ? { BindOptions: { Propagation: propagation } } : {}),
  };
  try {
    checkMountConfig(config);
  } catch (error) {
    throw new EngineError("system", `${invalidSpec(raw).message}: ${messageOf(error)}`, { cause: error });
  }
  return config;
}

/** Reads one of the API's `Binds`: "/path:/path[:mode]", "name:/path[:mode]" or "/path". Throws in Docker's words. */
export function parseBind(raw: string, volumeDriver: string): MountPoint {
  const words = raw.split(":");
  const [first = "", second] = words;
  if (first === "" || words.length > 3) throw invalidSpec(raw);
  if (words.length === 2 && second !== undefined && isMode(second)) throw invalidSpec(raw);
  const mode = words[2] ?? "";
  if (!isMode(mode)) throw new EngineError("system", `invalid mode: ${mode}`);
  const mount = mountPointOf(configOfBind(raw, mode, words, volumeDriver));
  return { ...mount, SkipMountpointCreation: false, ...(mode === "" ? {} : { Relabel: mode }) };
}

/** Reads one of `VolumesFrom`: "container[:mode]". Throws "invalid" in Docker's words. */
export function parseVolumesFrom(spec: string): { container: string; writable: boolean } {
  if (spec === "") throw new EngineError("invalid", "volumes-from specification cannot be an empty string");
  const colon = spec.indexOf(":");
  const container = colon < 0 ? spec : spec.slice(0, colon);
  const mode = colon < 0 ? "" : spec.slice(colon + 1);
  const options = mode.split(",");
  if (!isMode(mode) || propagationIn(mode) || options.includes("nocopy"))
    throw new EngineError("invalid", `invalid mode: ${mode}`);
  return { container, writable: !options.includes("ro") };
}

/** Whether the image's files are copied into an empty volume (`nocopy`, `volume-nocopy`). */
export function copiesUp(mount: MountPoint): boolean {
  return mount.Type === "volume" && !mount.Spec.VolumeOptions?.NoCopy;
}
