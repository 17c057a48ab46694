/** Reads `--mount`: fields of key and value, separated by commas. Errors are in Docker's words. */
import type { MountRequest } from "../../api/container.ts";
import { parseCsvRecord } from "../../base/csv.ts";
import { EngineError } from "../../base/errors.ts";
import { parseBoolean } from "../../base/numbers.ts";
import { parseRamSize } from "../../base/units.ts";
import { splitPair } from "../flags/collection-types.ts";
import type { FlagType } from "../flags/flag.ts";

type Draft<T> = { -readonly [Key in keyof T]?: NonNullable<T[Key]> };

/** A mount while its fields are read. */
interface MountDraft {
  Type: string;
  Source?: string;
  Target?: string;
  ReadOnly?: boolean;
  Consistency?: string;
  BindOptions?: Draft<NonNullable<MountRequest["BindOptions"]>>;
  VolumeOptions?: Draft<NonNullable<MountRequest["VolumeOptions"]>>;
  TmpfsOptions?: Draft<NonNullable<MountRequest["TmpfsOptions"]>>;
  ImageOptions?: Draft<NonNullable<MountRequest["ImageOptions"]>>;
}

function refuse(message: string): never {
  throw new EngineError("invalid", message);
}

/** What `read` makes of a value, or what is said of one that it throws at. */
function orRefuse<T>(key: string, value: string, read: (text: string) => T): T {
  try {
    return read(value);
  } catch {
    return refuse(`invalid value for ${key}: ${value}`);
  }
}

function bindOptions(mount: MountDraft): NonNullable<MountDraft["BindOptions"]> {
  return (mount.BindOptions ??= {});
}

function volumeOptions(mount: MountDraft): NonNullable<MountDraft["VolumeOptions"]> {
  return (mount.VolumeOptions ??= { DriverConfig: {} });
}

function tmpfsOptions(mount: MountDraft): NonNullable<MountDraft["TmpfsOptions"]> {
  return (mount.TmpfsOptions ??= {});
}

/** A map with one pair more; a pair without a name is passed over. */
function withPair(
  map: Readonly<Record<string, string>> | null | undefined,
  text: string,
): Record<string, string> {
  const [name, value] = splitPair(text);
  return name === "" ? { ...map } : { ...map, [name]: value };
}

function setRecursion(mount: MountDraft, key: string, value: string): void {
  const options = bindOptions(mount);
  if (value === "disabled") options.NonRecursive = true;
  else if (value === "writable") options.ReadOnlyNonRecursive = true;
  else if (value === "readonly") options.ReadOnlyForceRecursive = true;
  else if (value !== "enabled") {
    const known = '"enabled", "disabled", "writable", or "readonly"';
    refuse(`invalid value for ${key}: ${value} (must be ${known})`);
  }
}

/** Permissions in octal digits, of 32 bits as the API has them. */
function parseMode(text: string): number {
  const mode = /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number.NaN;
  return mode < 2 ** 32 ? mode : refuse(text);
}

type Setter = (mount: MountDraft, value: string, key: string) => void;

const setSource: Setter = (mount, value) => (mount.Source = value);
const setTarget: Setter = (mount, value) => (mount.Target = value);
const setReadOnly: Setter = (mount, value, key) => (mount.ReadOnly = orRefuse(key, value, parseBoolean));

/** The fields by their names. */
const setters: Readonly<Record<string, Setter>> = {
  type: (mount, value) => (mount.Type = value.toLowerCase()),
  source: setSource,
  src: setSource,
  target: setTarget,
  dst: setTarget,
  destination: setTarget,
  readonly: setReadOnly,
  ro: setReadOnly,
  consistency: (mount, value) => (mount.Consistency = value.toLowerCase()),
  "bind-propagation": (mount, value) => (bindOptions(mount).Propagation = value.toLowerCase()),
  "bind-nonrecursive": (mount, value, key) =>
    (bindOptions(mount).NonRecursive = orRefuse(key, value, parseBoolean)),
  "bind-recursive": (mount, value, key) => {
    if (value === "enabled") return;
    setRecursion(mount, key, value);
  },
  "volume-subpath": (mount, value) => (volumeOptions(mount).Subpath = value),
  "volume-nocopy": (mount, value, key) => (volumeOptions(mount).NoCopy = orRefuse(key, value, parseBoolean)),
  "volume-label": (mount, value) => {
    const options = volumeOptions(mount);
    options.Labels = withPair(options.Labels, value);
  },
  "volume-driver": (mount, value) => {
    const options = volumeOptions(mount);
    options.DriverConfig = { ...options.DriverConfig, Name: value };
  },
  "volume-opt": (mount, value) => {
    const options = volumeOptions(mount);
    options.DriverConfig = {
      ...options.DriverConfig,
      Options: withPair(options.DriverConfig?.Options, value),
    };
  },
  "image-subpath": (mount, value) => ((mount.ImageOptions ??= {}).Subpath = value),
  "tmpfs-size": (mount, value, key) => (tmpfsOptions(mount).SizeBytes = orRefuse(key, value, parseRamSize)),
  "tmpfs-mode": (mount, value, key) => (tmpfsOptions(mount).Mode = orRefuse(key, value, parseMode)),
};

/** The fields that may stand without a value. */
const switches: ReadonlySet<string> = new Set(["readonly", "ro", "volume-nocopy", "bind-nonrecursive"]);

function setField(mount: MountDraft, field: string): void {
  const [name, value] = splitPair(field);
  const key = name.toLowerCase();
  const hasValue = field.includes("=");
  if (!hasValue && !switches.has(key)) refuse(`invalid field '${field}' must be a key=value pair`);
  const set = setters[key] ?? refuse(`unexpected key '${key}' in '${field}'`);
  set(mount, hasValue ? value : "true", key);
}

/** Throws where options are for another type of mount, or for each other. */
function checkOptions(mount: MountDraft): void {
  const { Type: type, BindOptions: bind } = mount;
  if (type === "") refuse("type is required");
  if (!mount.Target) refuse("target is required");
  for (const [kind, options] of [
    ["volume", mount.VolumeOptions],
    ["image", mount.ImageOptions],
    ["bind", bind],
    ["tmpfs", mount.TmpfsOptions],
  ] as const)
    if (options && type !== kind) refuse(`cannot mix '${kind}-*' options with mount type '${type}'`);
  const requires = (mode: string, what: string): never =>
    refuse(`option 'bind-recursive=${mode}' requires '${what}' to be specified in conjunction`);
  if (bind?.ReadOnlyNonRecursive && !mount.ReadOnly) requires("writable", "readonly");
  if (bind?.ReadOnlyForceRecursive && !mount.ReadOnly) requires("readonly", "readonly");
  if (bind?.ReadOnlyForceRecursive && bind.Propagation !== "rprivate")
    requires("readonly", "bind-propagation=rprivate");
}

/** The mount that a value of `--mount` asks for. A source that starts with "." is still relative. */
export function parseMountSpec(text: string): MountRequest {
  const mount: MountDraft = { Type: "volume" };
  for (const field of parseCsvRecord(text)) setField(mount, field);
  checkOptions(mount);
  return mount;
}

/** Values of `--mount`. */
export function mounts(): FlagType<readonly MountRequest[]> {
  return {
    word: "mount",
    initial: [],
    shown: "",
    parse: (text, previous = []) => [...previous, parseMountSpec(text)],
  };
}
