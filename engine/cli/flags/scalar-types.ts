/** The types of flags that hold a single value: the last occurrence counts. */
import { formatDuration, parseDuration } from "../../base/duration.ts";
import { EngineError } from "../../base/errors.ts";
import { formatFloat } from "../../base/floats.ts";
import { parseBoolean, parseFloatingPoint, parseInteger, parseUnsigned } from "../../base/numbers.ts";
import { quote } from "../../base/quote.ts";
import { bytesSize, parseRamSize } from "../../base/units.ts";
import type { FlagType } from "./flag.ts";

/** A value of any kind; `parse` reads it, `shown` is its default in help. */
export function custom<Value>(
  word: string,
  initial: Value,
  parse: (text: string) => Value,
  shown = "",
): FlagType<Value> {
  return { word, initial, shown, parse };
}

/** A switch: `--name`, or `--name=false`. */
export function bool(initial = false): FlagType<boolean> {
  return { word: "", initial, shown: initial ? "true" : "", alone: "true", parse: parseBoolean };
}

/** A switch that tells "not given" (undefined) from off. */
export function optionalBool(): FlagType<boolean | undefined> {
  return { word: "", initial: undefined, shown: "", alone: "true", parse: parseBoolean };
}

/** Any text. With `alone` the value may be left out, and only `--name=value` gives another. */
export function string(initial = "", alone?: string): FlagType<string> {
  const type = custom("string", initial, text => text, initial === "" ? "" : quote(initial));
  return alone === undefined ? type : { ...type, alone };
}

/** A whole number, also hexadecimal (`0x1f`), octal or binary. */
export function int(initial = 0): FlagType<number> {
  return custom("int", initial, text => parseInteger(text, 0), shownNumber(initial));
}

/** A whole number that is not negative, with the bits that its word tells: 64 for `uint`. */
export function uint(initial = 0, word: "uint" | "uint16" | "uint32" = "uint"): FlagType<number> {
  const bits = word === "uint16" ? 16 : word === "uint32" ? 32 : 64;
  return custom(word, initial, text => parseUnsigned(text, 0, bits), shownNumber(initial));
}

/** A floating-point number. */
export function float(initial = 0): FlagType<number> {
  return custom("float", initial, parseFloatingPoint, initial === 0 ? "" : formatFloat(initial, "g"));
}

/** A Go duration, in nanoseconds. */
export function duration(initial = 0): FlagType<number> {
  return custom("duration", initial, parseDuration, initial === 0 ? "" : formatDuration(initial));
}

/** A Go duration in nanoseconds that is not negative; undefined when not given. */
export function positiveDuration(): FlagType<number | undefined> {
  return custom<number | undefined>("duration", undefined, text => {
    const value = parseDuration(text);
    if (value < 0) throw new EngineError("invalid", "duration cannot be negative");
    return value;
  });
}

/** An amount of memory in bytes, given as `512m` or `2g`. */
export function bytes(initial = 0): FlagType<number> {
  return custom("bytes", initial, parseRamSize, initial === 0 ? "" : bytesSize(initial));
}

/** An amount of swap in bytes; -1 is unlimited. */
export function swapBytes(): FlagType<number> {
  return custom("bytes", 0, text => (text === "-1" ? -1 : parseRamSize(text)));
}

/** A decimal number or fraction (`1.5`, `3/2`), held in billionths. */
export function decimal(): FlagType<number> {
  return custom("decimal", 0, parseBillionths);
}

const rationalSyntax = /^([-+]?)(?:([0-9]+)\/([0-9]+)|([0-9]*)(?:\.([0-9]*))?(?:[eE]([-+]?[0-9]{1,4}))?)$/;

function parseBillionths(text: string): number {
  const [match, sign, numerator, denominator, whole = "", fraction = "", exponent = "0"] =
    rationalSyntax.exec(text) ?? [];
  const isDecimal = numerator === undefined;
  if (match === undefined || (isDecimal && whole + fraction === "") || Number(denominator) === 0) {
    throw new EngineError("invalid", `failed to parse ${text} as a rational number`);
  }
  const scale = Number(exponent) - fraction.length + 9;
  const dividend = isDecimal
    ? BigInt(whole + fraction) * 10n ** BigInt(Math.max(scale, 0))
    : BigInt(numerator) * 10n ** 9n;
  const divisor = isDecimal ? 10n ** BigInt(Math.max(-scale, 0)) : BigInt(denominator ?? "1");
  if (dividend % divisor !== 0n) throw new EngineError("invalid", "value is too precise");
  const value = Number(dividend / divisor);
  return sign === "-" ? 0 - value : value;
}

function shownNumber(initial: number): string {
  return initial === 0 ? "" : String(initial);
}
