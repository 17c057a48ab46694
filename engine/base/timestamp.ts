/**
 * Instants with nanoseconds. A number of nanoseconds since 1970 does not fit a JavaScript number, so an
 * instant is a pair. Formats and error texts are those of Go's time package.
 */
import { second } from "./duration.ts";
import { parseByLayout, rfc3339 } from "./time-layout.ts";

/** An instant: whole seconds since 1970 (negative before), and nanoseconds from 0 to 999,999,999 after them. */
export interface Timestamp {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** A time zone at one instant: its short name and how many minutes it is ahead of UTC. */
export interface Zone {
  readonly name: string;
  readonly offset: number;
}

export const utc: Zone = { name: "UTC", offset: 0 };

/** What an unset time is in Docker's JSON: `0001-01-01T00:00:00Z`. */
export const zeroTimestamp: Timestamp = { seconds: -62135596800, nanoseconds: 0 };

/** The instant `milliseconds` after 1970, as clocks in JavaScript count. */
export function fromMilliseconds(milliseconds: number): Timestamp {
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds, nanoseconds: Math.round((milliseconds - seconds * 1000) * 1e6) };
}

/** The instant `duration` nanoseconds after `from` (before it, when negative). */
export function addDuration(from: Timestamp, duration: number): Timestamp {
  const wholeSeconds = Math.floor(duration / second);
  const nanoseconds = from.nanoseconds + (duration - wholeSeconds * second);
  const carry = nanoseconds >= second ? 1 : 0;
  return { seconds: from.seconds + wholeSeconds + carry, nanoseconds: nanoseconds - carry * second };
}

/** The nanoseconds from `start` to `end`; exact within 104 days. */
export function durationBetween(start: Timestamp, end: Timestamp): number {
  return (end.seconds - start.seconds) * second + (end.nanoseconds - start.nanoseconds);
}

/** Negative when `left` is earlier than `right`, positive when later, 0 when equal; for sorting. */
export function compareTimestamps(left: Timestamp, right: Timestamp): number {
  return left.seconds - right.seconds || left.nanoseconds - right.nanoseconds;
}

/** RFC 3339 with as many digits of the second as needed, as Docker's JSON has it: `2024-05-01T10:00:00.5Z`. */
export function formatTimestamp(timestamp: Timestamp, zone: Zone = utc): string {
  const offset = zone.offset === 0 ? "Z" : formatOffset(zone.offset, ":");
  return dateAndTime(timestamp, zone) + formatFraction(timestamp.nanoseconds) + offset;
}

/** RFC 3339 with always nine digits of the second, as `docker logs --timestamps` and log files have it. */
export function formatTimestampFixed(timestamp: Timestamp, zone: Zone = utc): string {
  const offset = zone.offset === 0 ? "Z" : formatOffset(zone.offset, ":");
  return `${dateAndTime(timestamp, zone)}.${String(timestamp.nanoseconds).padStart(9, "0")}${offset}`;
}

/** The form of the CREATED AT columns: `2024-05-01 10:00:00 +0200 CEST`. */
export function formatTimestampWithZone(timestamp: Timestamp, zone: Zone = utc): string {
  const time = dateAndTime(timestamp, zone).replace("T", " ") + formatFraction(timestamp.nanoseconds);
  return `${time} ${formatOffset(zone.offset, "")} ${zone.name}`;
}

/** The usual form of a timestamp, for which the host's parser does; days that not all months have excepted. */
const plainTimestamp =
  /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d{1,9}))?Z$/;

/** Reads RFC 3339 with any number of digits of the second; a zone is required. */
export function parseTimestamp(text: string): Timestamp {
  const [, dateTime, fraction = "0"] = plainTimestamp.exec(text) ?? [];
  if (dateTime === undefined) return parseByLayout(text, rfc3339, 0);
  return { seconds: Date.parse(`${dateTime}Z`) / 1000, nanoseconds: Number(fraction.padEnd(9, "0")) };
}

function dateAndTime(timestamp: Timestamp, zone: Zone): string {
  return new Date((timestamp.seconds + zone.offset * 60) * 1000).toISOString().slice(0, -5);
}

function formatFraction(nanoseconds: number): string {
  if (nanoseconds === 0) return "";
  return `.${String(nanoseconds).padStart(9, "0").replace(/0+$/, "")}`;
}

function formatOffset(offset: number, separator: string): string {
  const minutes = Math.abs(offset);
  const hoursText = String(Math.floor(minutes / 60)).padStart(2, "0");
  const minutesText = String(minutes % 60).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${hoursText}${separator}${minutesText}`;
}
