import { EngineError, messageOf } from "../base/errors.ts";
import { parseRamSize } from "../base/units.ts";
import { MountFlag, type Mounts } from "../sys/kernel.ts";
import { parseMountOptions } from "../sys/mount-options.ts";

/** The options of `docker volume create -o`. */
export type VolumeOptions = Readonly<Record<string, string>>;

const KNOWN = new Set(["type", "o", "device", "size"]);

/** What an option makes no sense without. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  device: ["type"],
  type: ["device"],
  o: ["device", "type"],
};

function fail(message: string): never {
  throw new EngineError("invalid", message);
}

/** Throws "invalid" in Docker's words where the local driver can't have such options. */
export function checkVolumeOptions(options: VolumeOptions): void {
  for (const name of Object.keys(options))
    if (!KNOWN.has(name)) fail(`invalid option: ${JSON.stringify(name)}`);
  if (options.type === "cifs" && /^\w+:\/\/[^/]*:\d+(\/|$)/.test(options.device ?? ""))
    fail("port not allowed in CIFS device URL, include 'port' in 'o='");
  // Quotas need a file system with project quotas, which neither tmpfs nor the usual ext4 has.
  if (options.size !== undefined && parseRamSize(options.size) > 0)
    fail("quota size requested but no quota support");
  for (const [name, needed] of Object.entries(NEEDS))
    for (const other of needed)
      if (options[name] !== undefined && options[other] === undefined)
        fail(`missing required option: ${JSON.stringify(other)}`);
}

/** Whether a volume's files are a mount of something else. */
export function needsMount(options: VolumeOptions | null): options is VolumeOptions {
  return !!options && (options.device !== undefined || options.type !== undefined);
}

/** Mounts what the options name. Throws "system" in Docker's words, without a password that is among them. */
export function mountVolume(mounts: Mounts, options: VolumeOptions, target: string): void {
  const { device = "", type = "", o = "" } = options;
  const { flags, propagation, data } = parseMountOptions(o.split(","));
  const readOnlyBind = MountFlag.bind | MountFlag.readOnly;
  try {
    mounts.mount({ source: device, target, type, flags, ...(data === "" ? {} : { data }) });
    if (propagation) mounts.mount({ target, flags: propagation });
    if ((flags & readOnlyBind) === readOnlyBind) mounts.mount({ target, flags: flags | MountFlag.remount });
  } catch (error) {
    const reason = messageOf(error);
    const details = [
      `mount ${device}:${target}`,
      ...(flags ? [`flags: 0x${flags.toString(16)}`] : []),
      ...(data === "" ? [] : [`data: ${data.replace(/password=[^,]*/, "password=********")}`]),
    ];
    throw new EngineError(
      "system",
      `failed to mount local volume: ${details.join(", ")}: ${reason.slice(reason.lastIndexOf(": ") + 2)}`,
      { cause: error },
    );
  }
}
