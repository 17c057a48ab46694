/**
 * The values of `--since` and `--until`: the client turns what the user typed into seconds since 1970,
 * which the API carries and the daemon reads.
 */
import { parseDuration } from "./duration.ts";
import { EngineError } from "./errors.ts";
import { parseInteger } from "./numbers.ts";
import { quote } from "./quote.ts";
import { parseByLayout } from "./time-layout.ts";
import { addDuration, type Timestamp, utc, type Zone } from "./timestamp.ts";

/**
 * What the API gets for `value`: a Go duration counts back from `now`, a date or time (RFC 3339, or a prefix
 * of it down to the day, with or without a zone) is converted, seconds since 1970 stay as they are. `zone`
 * is where the user is, for times that name none.
 */
export function encodeTimeOption(value: string, now: Timestamp, zone: Zone = utc): string {
  const duration = value === "0" ? undefined : durationOf(value);
  if (duration !== undefined) return String(addDuration(now, -duration).seconds);
  const isLocal = !/[zZ+]/.test(value) && value.split("-").length !== 4;
  try {
    const { seconds, nanoseconds } = parseByLayout(
      value,
      layoutFor(value, isLocal),
      isLocal ? zone.offset : 0,
    );
    return `${seconds}.${String(nanoseconds).padStart(9, "0")}`;
  } catch (error) {
    // With a dash it was meant as a date, so the date's fault is the one to tell.
    if (value.includes("-")) throw error;
  }
  if (!isUnixTime(value)) {
    throw new EngineError("invalid", `failed to parse value as time or duration: ${quote(value)}`);
  }
  return value;
}

/** The instant that an API parameter made by {@link encodeTimeOption} stands for: `1136073600.000000001`. */
export function decodeTimeOption(value: string): Timestamp {
  const [secondsText = "", ...fraction] = value.split(".");
  const seconds = parseInteger(secondsText);
  if (fraction.length === 0) return { seconds, nanoseconds: 0 };
  const digits = fraction.join(".");
  return { seconds, nanoseconds: Math.trunc(parseInteger(digits) * 10 ** (9 - digits.length)) };
}

function durationOf(value: string): number | undefined {
  try {
    return parseDuration(value);
  } catch {
    return undefined;
  }
}

function isUnixTime(value: string): boolean {
  try {
    decodeTimeOption(value);
    return true;
  } catch {
    return false;
  }
}

function layoutFor(value: string, isLocal: boolean): string {
  const zone = isLocal ? "" : "Z07:00";
  if (value.includes(".")) return `2006-01-02T15:04:05.999999999${zone}`;
  if (!value.includes("T")) return `2006-01-02${zone}`;
  let colons = value.split(":").length - 1;
  // A numeric offset has a colon of its own.
  if (!isLocal && !/[zZ]/.test(value)) colons--;
  const time = colons <= 0 ? "15" : colons === 1 ? "15:04" : "15:04:05";
  return `2006-01-02T${time}${zone}`;
}
