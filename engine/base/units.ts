/** Sizes, ages and limits in the words of docker/go-units, which Docker prints and reads everywhere. */
import { hour, minute, second } from "./duration.ts";
import { EngineError } from "./errors.ts";
import { formatFloat } from "./floats.ts";
import { parseFloatingPoint, parseInteger } from "./numbers.ts";
import { byteLength } from "./utf8.ts";

const decimalNames = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
const binaryNames = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];
const powerOfLetter: Readonly<Record<string, number>> = { k: 1, m: 2, g: 3, t: 4, p: 5 };

/** A number of bytes for people, in powers of 1000 with `digits` significant digits: `1.24MB`, `0B`. */
export function humanSize(bytes: number, digits = 4): string {
  return scaled(bytes, 1000, decimalNames, digits);
}

/** A number of bytes for people, in powers of 1024 with four significant digits: `1.5GiB`. */
export function bytesSize(bytes: number): string {
  return scaled(bytes, 1024, binaryNames, 4);
}

function scaled(bytes: number, base: number, names: readonly string[], digits: number): string {
  let size = bytes;
  let power = 0;
  while (size >= base && power < names.length - 1) {
    size /= base;
    power++;
  }
  return formatFloat(size, "g", digits) + names[power];
}

/** Bytes from a size in powers of 1000: `10MB`, `1.5 kb`, `32`. */
export function parseHumanSize(text: string): number {
  return parseSize(text, 1000);
}

/** Bytes from a size in powers of 1024: `512m`, `1.5g`, `64kib`, `32`. */
export function parseRamSize(text: string): number {
  return parseSize(text, 1024);
}

function parseSize(text: string, base: number): number {
  const suffix = /[^0-9. ]*$/.exec(text)?.[0] ?? "";
  const number = text.slice(0, text.length - suffix.length);
  if (number === "") throw new EngineError("invalid", `invalid size: '${text}'`);
  // One space may stand between the number and its unit.
  const size = parseFloatingPoint(number.endsWith(" ") ? number.slice(0, -1) : number);
  if (size < 0) throw new EngineError("invalid", `invalid size: '${text}'`);
  return Math.trunc(size * unitFactor(suffix, base)) + 0;
}

function unitFactor(suffix: string, base: number): number {
  if (suffix === "") return 1;
  if (byteLength(suffix) > 3) throw new EngineError("invalid", `invalid suffix: '${suffix}'`);
  const unit = suffix.toLowerCase();
  if (unit === "b") return 1;
  const power = /^[kmgtp](?:i?b)?$/.test(unit) ? powerOfLetter[unit[0] ?? ""] : undefined;
  if (power === undefined) throw new EngineError("invalid", `invalid suffix: '${unit}'`);
  return base ** power;
}

const day = 24;
const week = 7 * day;
const month = 30 * day;
const year = 365 * day;

/** A duration in nanoseconds for people: `Less than a second`, `About an hour`, `3 weeks`. */
export function humanDuration(duration: number): string {
  const seconds = Math.trunc(duration / second);
  if (seconds < 1) return "Less than a second";
  if (seconds === 1) return "1 second";
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.trunc(duration / minute);
  if (minutes === 1) return "About a minute";
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.trunc(duration / hour + 0.5);
  if (hours === 1) return "About an hour";
  if (hours < 2 * day) return `${hours} hours`;
  if (hours < 2 * week) return `${Math.trunc(hours / day)} days`;
  if (hours < 2 * month) return `${Math.trunc(hours / week)} weeks`;
  if (hours < 2 * year) return `${Math.trunc(hours / month)} months`;
  return `${Math.trunc(duration / hour / year)} years`;
}

/** One resource limit of a process; -1 means unlimited. */
export interface Ulimit {
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

const ulimitNames: ReadonlySet<string> = new Set(
  "core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack".split(
    " ",
  ),
);

/** Reads `name=soft[:hard]` as `--ulimit` takes it; without a hard limit it equals the soft one. */
export function parseUlimit(text: string): Ulimit {
  const equals = text.indexOf("=");
  if (equals === -1) throw new EngineError("invalid", `invalid ulimit argument: ${text}`);
  const name = text.slice(0, equals);
  if (!ulimitNames.has(name)) throw new EngineError("invalid", `invalid ulimit type: ${name}`);
  const limits = text.slice(equals + 1);
  const [softText = "", hardText, ...rest] = limits.split(":");
  if (rest.length > 0) {
    const rule = "can only have up to two, `soft[:hard]`";
    throw new EngineError("invalid", `too many limit value arguments - ${limits}, ${rule}`);
  }
  const givenHard = hardText === undefined ? undefined : parseInteger(hardText);
  const soft = parseInteger(softText);
  const hard = givenHard ?? soft;
  checkUlimit(soft, hard);
  return { name, soft, hard };
}

function checkUlimit(soft: number, hard: number): void {
  if (hard === -1) return;
  const rule = "ulimit soft limit must be less than or equal to hard limit";
  if (soft === -1) throw new EngineError("invalid", `${rule}: soft: -1 (unlimited), hard: ${hard}`);
  if (soft > hard) throw new EngineError("invalid", `${rule}: ${soft} > ${hard}`);
}

/** `ulimit` as {@link parseUlimit} reads it, always with both limits. */
export function formatUlimit(ulimit: Ulimit): string {
  return `${ulimit.name}=${ulimit.soft}:${ulimit.hard}`;
}
