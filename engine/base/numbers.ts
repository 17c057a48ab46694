/**
 * Numbers as Go's `strconv` reads them, with its error texts: these stand behind "invalid argument" messages
 * of the command line. Values beyond 2^53 are accepted up to Go's range and lose their last digits.
 */
import { EngineError } from "./errors.ts";
import { quote } from "./quote.ts";

const decimalDigits = /^[0-9]+$/;
const prefixedDigits = /^(?:0[xX](_?[0-9a-fA-F])+|0[bB](_?[01])+|0[oO]?(_?[0-7])+|0|[1-9](_?[0-9])*)$/;
const floatSyntax = /^[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|inf(?:inity)?)$/i;
const trueWords: ReadonlySet<string> = new Set(["1", "t", "T", "true", "TRUE", "True"]);
const falseWords: ReadonlySet<string> = new Set(["0", "f", "F", "false", "FALSE", "False"]);

/** How an integer is written: 10 is plain decimal, 0 also takes Go's prefixes `0x`, `0o`, `0b`, `0` and `_`. */
export type NumberBase = 10 | 0;

/** A signed integer of `bits` bits (`strconv.ParseInt`). */
export function parseInteger(text: string, base: NumberBase = 10, bits: 8 | 16 | 32 | 64 = 64): number {
  const sign = text[0];
  const negative = sign === "-";
  const magnitude = parseMagnitude("ParseInt", text, negative || sign === "+" ? text.slice(1) : text, base);
  const limit = 1n << BigInt(bits - 1);
  checkRange("ParseInt", text, magnitude, negative ? limit : limit - 1n);
  // The sum with zero turns -0 into 0.
  return (negative ? -Number(magnitude) : Number(magnitude)) + 0;
}

/** An unsigned integer of `bits` bits (`strconv.ParseUint`). */
export function parseUnsigned(text: string, base: NumberBase = 10, bits: 8 | 16 | 32 | 64 = 64): number {
  const magnitude = parseMagnitude("ParseUint", text, text, base);
  checkRange("ParseUint", text, magnitude, (1n << BigInt(bits)) - 1n);
  return Number(magnitude);
}

/** A decimal floating-point number (`strconv.ParseFloat`; hexadecimal floats are not read). */
export function parseFloatingPoint(text: string): number {
  if (/^nan$/i.test(text)) return Number.NaN;
  if (!floatSyntax.test(text)) throw numberError("ParseFloat", text, "invalid syntax");
  const value = Number(text);
  // JavaScript reads no name of infinity but one.
  if (Number.isNaN(value)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (!Number.isFinite(value) && !/inf/i.test(text))
    throw numberError("ParseFloat", text, "value out of range");
  return value;
}

/** A truth value: `1`, `t`, `true` or `0`, `f`, `false`, also in capitals (`strconv.ParseBool`). */
export function parseBoolean(text: string): boolean {
  if (trueWords.has(text)) return true;
  if (falseWords.has(text)) return false;
  throw numberError("ParseBool", text, "invalid syntax");
}

/**
 * The value of an unsigned integer in Go's syntax, with its prefixes and underscores; a bigint where a
 * number would not be exact, undefined when `text` is no such literal.
 */
export function integerLiteral(text: string): number | bigint | undefined {
  if (!prefixedDigits.test(text)) return undefined;
  if (text.length < 16 && (text === "0" || !text.startsWith("0"))) return Number(text.replaceAll("_", ""));
  const bare = text.replaceAll("_", "");
  const value = BigInt(/^0[0-7]+$/.test(bare) ? `0o${bare.slice(1)}` : bare);
  return value > Number.MAX_SAFE_INTEGER ? value : Number(value);
}

function parseMagnitude(func: string, whole: string, digits: string, base: NumberBase): number | bigint {
  if (base === 0) {
    const value = integerLiteral(digits);
    if (value !== undefined) return value;
  } else if (decimalDigits.test(digits)) {
    return digits.length < 16 ? Number(digits) : BigInt(digits);
  }
  throw numberError(func, whole, "invalid syntax");
}

function checkRange(func: string, text: string, magnitude: number | bigint, limit: bigint): void {
  if (magnitude > limit) throw numberError(func, text, "value out of range");
}

function numberError(func: string, text: string, what: string): EngineError {
  return new EngineError("invalid", `strconv.${func}: parsing ${quote(text)}: ${what}`);
}
