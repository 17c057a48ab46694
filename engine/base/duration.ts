/**
 * Durations as Go writes and reads them (`1h2m3.5s`). A duration is a number of nanoseconds: every value up
 * to 2^53 ns (104 days) is exact, whole seconds are exact up to 146 years, Go's own limit is 292 years.
 */
import { EngineError } from "./errors.ts";
import { quoteBytes } from "./quote.ts";

export const nanosecond = 1;
export const microsecond = 1e3;
export const millisecond = 1e6;
export const second = 1e9;
export const minute = 60 * second;
export const hour = 60 * minute;

const units: Readonly<Record<string, number>> = {
  ns: nanosecond,
  us: microsecond,
  µs: microsecond, // U+00B5, the micro sign
  μs: microsecond, // U+03BC, the Greek letter
  ms: millisecond,
  s: second,
  m: minute,
  h: hour,
};
const largest = 2 ** 63;
const component = /([0-9]*)(\.[0-9]*)?([^0-9.]*)/y;

/**
 * Reads a duration: one or more numbers, each with a unit, after an optional sign; `0` needs no unit.
 * Fails with the texts of Go's `time.ParseDuration`.
 */
export function parseDuration(text: string): number {
  const signed = text.startsWith("-") || text.startsWith("+");
  const body = signed ? text.slice(1) : text;
  if (body === "0") return 0;
  if (body === "") throw invalidDuration(text);
  let total = 0;
  component.lastIndex = 0;
  while (component.lastIndex < body.length) {
    const [, whole = "", fraction = "", unit = ""] = component.exec(body) ?? [];
    if (whole === "" && fraction.length < 2) throw invalidDuration(text);
    if (unit === "") throw new EngineError("invalid", `time: missing unit in duration ${quoteBytes(text)}`);
    const scale = Object.hasOwn(units, unit) ? units[unit] : undefined;
    if (scale === undefined) {
      throw new EngineError(
        "invalid",
        `time: unknown unit ${quoteBytes(unit)} in duration ${quoteBytes(text)}`,
      );
    }
    const digits = fraction.slice(1);
    total += Number(whole) * scale + Math.trunc(Number(digits) * (scale / 10 ** digits.length));
    if (total > largest) throw invalidDuration(text);
  }
  if (text.startsWith("-")) return -total;
  if (total === largest) throw invalidDuration(text);
  return total;
}

/** `duration` as Go's `Duration.String` writes it: `1h0m0.5s`, `1.5ms`, `0s`. */
export function formatDuration(duration: number): string {
  if (duration === 0) return "0s";
  const sign = duration < 0 ? "-" : "";
  const length = Math.abs(duration);
  if (length < microsecond) return `${sign}${length}ns`;
  if (length < millisecond) return `${sign}${decimal(0, length, 3)}µs`;
  if (length < second) return `${sign}${decimal(0, length, 6)}ms`;
  const minutes = Math.floor(length / minute);
  const seconds = Math.floor((length % minute) / second);
  const tail = `${decimal(seconds, length % second, 9)}s`;
  if (minutes === 0) return sign + tail;
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${sign}${minutes}m${tail}` : `${sign}${hours}h${minutes % 60}m${tail}`;
}

/** `whole` plus `rest` units of 10^-digits, without trailing zeros. */
function decimal(whole: number, rest: number, digits: number): string {
  const scale = 10 ** digits;
  const fraction = String(rest % scale)
    .padStart(digits, "0")
    .replace(/0+$/, "");
  const integer = String(whole + Math.floor(rest / scale));
  return fraction === "" ? integer : `${integer}.${fraction}`;
}

function invalidDuration(text: string): EngineError {
  return new EngineError("invalid", `time: invalid duration ${quoteBytes(text)}`);
}
