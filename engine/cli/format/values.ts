/** What columns of several tables have in common. */
import { humanDuration } from "../../base/units.ts";
import { second } from "../../base/duration.ts";
import { formatTimestampWithZone, type Zone } from "../../base/timestamp.ts";

/** What rows need to know of the moment and the user. */
export interface RowOptions {
  /** Whether ids and long texts are shortened. */
  readonly truncate: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Of the user, for times in full. */
  readonly zoneAt: (seconds: number) => Zone;
}

/** "3 weeks ago", for seconds since 1970. */
export function since(seconds: number, now: number): string {
  return `${humanDuration((now / 1000 - seconds) * second)} ago`;
}

/** "2024-05-01 10:00:00 +0200 CEST", for seconds since 1970. */
export function fullTime(seconds: number, { zoneAt }: RowOptions): string {
  return formatTimestampWithZone({ seconds, nanoseconds: 0 }, zoneAt(seconds));
}

/** As Go's encoder writes JSON for web pages: keys sorted by the caller, angle brackets and ampersands escaped. */
export function htmlSafeJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
