import { EngineError } from "../base/errors.ts";

/** capabilities(7), in the order of their numbers. */
const NAMES = (
  "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE " +
  "NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT " +
  "SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE " +
  "AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ " +
  "PERFMON BPF CHECKPOINT_RESTORE"
)
  .split(" ")
  .map(name => `CAP_${name}`);

/** What a container has unless it is told otherwise (docs.docker.com, "Runtime privilege and Linux capabilities"). */
const DEFAULTS = (
  "CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT " +
  "KILL AUDIT_WRITE"
)
  .split(" ")
  .map(name => `CAP_${name}`);

function normalize(names: readonly string[]): string[] {
  return names.map(name => {
    const upper = name.toUpperCase();
    return upper === "ALL" || upper.startsWith("CAP_") ? upper : `CAP_${upper}`;
  });
}

/** Throws "invalid" in Docker's words on a name that does not exist, in what is to be added or dropped. */
export function checkCapabilities(add: readonly string[], drop: readonly string[]): void {
  for (const [list, names] of [
    ["CapAdd", add],
    ["CapDrop", drop],
  ] as const) {
    const unknown = normalize(names).find(name => name !== "ALL" && !NAMES.includes(name));
    if (unknown) throw new EngineError("invalid", `invalid ${list}: unknown capability: "${unknown}"`);
  }
}

/**
 * The capabilities of a container. "ALL" in `add` gives all but those in `drop`; "ALL" in `drop` leaves just those
 * in `add`; otherwise what is in both is added. Names may leave out "CAP_" and may be in lower case. Throws "invalid"
 * on a name that does not exist.
 */
export function containerCapabilities(options: {
  readonly privileged: boolean;
  readonly add: readonly string[];
  readonly drop: readonly string[];
}): Set<string> {
  if (options.privileged) return new Set(NAMES);
  checkCapabilities(options.add, options.drop);
  const add = normalize(options.add);
  const drop = normalize(options.drop);
  const without = (names: readonly string[]): string[] => names.filter(name => !drop.includes(name));
  if (add.includes("ALL")) return new Set(without(NAMES));
  return new Set(drop.includes("ALL") ? add : [...without(DEFAULTS), ...add]);
}

const BITS: ReadonlyMap<string, number> = new Map(NAMES.map((name, bit) => [name, bit]));

/** A set as the kernel's bit mask, in hexadecimal digits. */
export function capabilityMask(capabilities: ReadonlySet<string>): string {
  let low = 0;
  let high = 0;
  for (const name of capabilities) {
    const bit = BITS.get(name) ?? -1;
    if (bit >= 32) high += 2 ** (bit - 32);
    else if (bit >= 0) low += 2 ** bit;
  }
  return high.toString(16) + low.toString(16).padStart(8, "0");
}
