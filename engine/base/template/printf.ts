/**
 * Formatted printing as Go's fmt does it. Verbs: `v s q d x X o O b c U e E f F g G t T`, with flags, width
 * and precision, also as `*`. Not read are explicit argument indexes (`%[1]d`); `%#v` differs from `%v` only
 * for strings, and floats have no hexadecimal or binary form.
 */
import { type FloatVerb, formatFloat } from "../floats.ts";
import { hexBytes, quote, quoteCharacter } from "../quote.ts";
import { byteLength, characterCount, sliceBytes } from "../utf8.ts";
import { addressMark, formatArgument, formatNested, formatScalar } from "./print.ts";
import { kindOf, numberIn, typeNameOf } from "./value.ts";

/** One `%` and what follows it. */
interface Directive {
  readonly verb: string;
  readonly minus: boolean;
  readonly plus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  /** What the flags `+` and `#` mean for the verb `v`. */
  readonly namesFields: boolean;
  readonly quotesStrings: boolean;
  readonly width: number;
  readonly precision: number | undefined;
}

const directiveSyntax = /%([-+# 0]*)(\*|\d{1,6})?(?:\.(\*|\d{0,6}))?(.)?/gsu;
// oxlint-disable-next-line no-control-regex -- these are what a raw string cannot hold
const noRawString = /[`\0-\x08\n-\x1f\x7f\ufeff]/;
/** Go's limit for a width or precision. */
const largestSize = 1e6;
/** The most digits that JavaScript writes after a point. */
const mostDigits = 100;

/** `format` with its directives replaced by `values`; faults appear in the text, as in Go. */
export function printFormatted(format: string, values: readonly unknown[]): string {
  const reader = new ValueReader(values);
  const text = format.replace(
    directiveSyntax,
    (_, flags: string, width?: string, precision?: string, verb?: string) => {
      const directive = makeDirective(
        verb ?? "",
        flags,
        reader.size(width, "WIDTH"),
        reader.size(precision, "PREC"),
      );
      return reader.takeFaults() + expand(directive, reader);
    },
  );
  const rest = reader.rest();
  return rest.length === 0 ? text : text + describeExtra(rest);
}

/** Hands out the values to print, and the widths and precisions among them. */
class ValueReader {
  readonly #values: readonly unknown[];
  #next = 0;
  #faults = "";

  constructor(values: readonly unknown[]) {
    this.#values = values;
  }

  get isEmpty(): boolean {
    return this.#next >= this.#values.length;
  }

  take(): unknown {
    return this.#values[this.#next++];
  }

  rest(): readonly unknown[] {
    return this.#values.slice(this.#next);
  }

  /** The size that `given` says, or the next value when it is a star. */
  size(given: string | undefined, name: string): number | undefined {
    if (given !== "*") return given === undefined ? undefined : Number(given);
    const value = this.take();
    if (typeof value === "number" && Number.isInteger(value) && Math.abs(value) <= largestSize) return value;
    this.#faults += `%!(BAD${name})`;
    return undefined;
  }

  /** What the sizes asked for since the last call had wrong. */
  takeFaults(): string {
    const faults = this.#faults;
    this.#faults = "";
    return faults;
  }
}

function expand(directive: Directive, reader: ValueReader): string {
  const { verb } = directive;
  if (verb === "") return "%!(NOVERB)";
  if (verb === "%") return "%";
  return reader.isEmpty ? `%!${verb}(MISSING)` : formatWith(directive, reader.take());
}

function makeDirective(
  verb: string,
  flags: string,
  width: number | undefined,
  precision: number | undefined,
): Directive {
  const isNegative = width !== undefined && width < 0;
  const isValue = verb === "v";
  return {
    verb,
    minus: isNegative || flags.includes("-"),
    plus: !isValue && flags.includes("+"),
    sharp: !isValue && flags.includes("#"),
    namesFields: isValue && flags.includes("+"),
    quotesStrings: isValue && flags.includes("#"),
    space: flags.includes(" "),
    zero: !isNegative && flags.includes("0"),
    width: Math.abs(width ?? 0),
    precision: precision !== undefined && precision < 0 ? undefined : precision,
  };
}

function describeExtra(values: readonly unknown[]): string {
  const described = values.map(value =>
    isNil(value) ? "<nil>" : `${typeNameOf(value)}=${formatArgument(value)}`,
  );
  return `%!(EXTRA ${described.join(", ")})`;
}

function formatWith(directive: Directive, value: unknown): string {
  if (directive.verb === "T")
    return pad(directive, cut(directive, isNil(value) ? "<nil>" : typeNameOf(value)));
  if (isNil(value)) return directive.verb === "v" ? pad(directive, "<nil>") : `%!${directive.verb}(<nil>)`;
  const scalar = (part: unknown): string => (isNil(part) ? "<nil>" : formatPart(directive, part));
  return addressMark(value) + formatNested(value, scalar, directive);
}

function isNil(value: unknown): boolean {
  return value === undefined || value === null;
}

function formatPart(directive: Directive, value: unknown): string {
  switch (kindOf(value)) {
    case "string":
      return formatString(directive, String(value));
    case "int":
      return formatInteger(directive, numberIn(value));
    case "float":
      return formatFraction(directive, value);
    case "bool":
      return /[tv]/.test(directive.verb) ? pad(directive, String(value)) : badVerb(directive, value);
    default:
      return directive.verb === "v" ? pad(directive, formatScalar(value)) : badVerb(directive, value);
  }
}

function formatString(directive: Directive, text: string): string {
  const { verb, sharp, quotesStrings, precision } = directive;
  switch (verb) {
    case "v":
      return pad(directive, quotesStrings ? quote(text) : cut(directive, text));
    case "s":
      return pad(directive, cut(directive, text));
    case "q": {
      const part = cut(directive, text);
      const isRaw = sharp && !noRawString.test(part);
      return pad(directive, isRaw ? `\`${part}\`` : quote(part));
    }
    case "x":
    case "X": {
      const bytes = hexBytes(precision === undefined ? text : sliceBytes(text, 0, precision));
      const hex = spaceHex(directive, bytes);
      return pad(directive, verb === "X" ? hex.toUpperCase() : hex);
    }
    default:
      return badVerb(directive, text);
  }
}

function spaceHex({ sharp, space }: Directive, bytes: string): string {
  const prefix = sharp && bytes !== "" ? "0x" : "";
  return space ? bytes.replace(/..(?!$)/g, `$& ${prefix}`).replace(/^/, prefix) : prefix + bytes;
}

const integerBases: Readonly<Record<string, number>> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };

function formatInteger(directive: Directive, value: number | bigint): string {
  const { verb } = directive;
  const base = Object.hasOwn(integerBases, verb) ? integerBases[verb] : undefined;
  if (base !== undefined) return formatDigits(directive, value, base);
  const code = value < 0 || value > 0x10ffff ? 0xfffd : Number(value);
  switch (verb) {
    case "c":
      return pad(directive, String.fromCodePoint(code));
    case "q":
      return pad(directive, quoteCharacter(String.fromCodePoint(code)));
    case "U":
      return pad({ ...directive, zero: false }, `U+${value.toString(16).toUpperCase().padStart(4, "0")}`);
    default:
      return badVerb(directive, value);
  }
}

const basePrefixes: Readonly<Record<string, string>> = { b: "0b", o: "0", x: "0x", X: "0X" };

function formatDigits(directive: Directive, value: number | bigint, base: number): string {
  const { verb, minus, zero, sharp, width, precision } = directive;
  const spaced = { ...directive, zero: false };
  if (precision === 0 && (value === 0 || value === 0n)) return pad(spaced, "");
  const sign = signOf(directive, value < 0);
  const magnitude = (value < 0 ? -value : value).toString(base);
  const digits = verb === "X" ? magnitude.toUpperCase() : magnitude;
  const least = precision ?? (zero && !minus ? width - sign.length : 0);
  const filled = digits.padStart(least, "0");
  const isMarked = sharp && !(verb === "o" && filled.startsWith("0"));
  const prefix = verb === "O" ? "0o" : isMarked ? (basePrefixes[verb] ?? "") : "";
  return pad(spaced, sign + prefix + filled);
}

function signOf({ plus, space }: Directive, isNegative: boolean): string {
  if (isNegative) return "-";
  if (plus) return "+";
  return space ? " " : "";
}

function formatFraction(directive: Directive, value: unknown): string {
  const { verb, minus, zero, width, precision } = directive;
  if (!isFloatVerb(verb) && verb !== "v") return badVerb(directive, value);
  const form: FloatVerb = isFloatVerb(verb) ? verb : "g";
  const digits = precision ?? (/[efEF]/.test(form) ? 6 : undefined);
  const text = formatFloat(
    Number(numberIn(value)),
    form,
    digits === undefined ? undefined : Math.min(digits, mostDigits),
  );
  const isNumber = /\d/.test(text);
  const magnitude = text.replace(/^[-+]/, "");
  const sign =
    text === "+Inf"
      ? directive.space
        ? " "
        : "+"
      : text === "NaN"
        ? ""
        : signOf(directive, text.startsWith("-"));
  if (zero && !minus && isNumber) return sign + magnitude.padStart(width - sign.length, "0");
  return pad({ ...directive, zero: false }, sign + magnitude);
}

function isFloatVerb(verb: string): verb is FloatVerb {
  return /^[eEfFgG]$/.test(verb);
}

function badVerb(directive: Directive, value: unknown): string {
  return `%!${directive.verb}(${typeNameOf(value)}=${formatPart({ ...directive, verb: "v" }, value)})`;
}

/** A string's precision is the most characters that it keeps. */
function cut({ precision }: Directive, text: string): string {
  if (precision === undefined || byteLength(text) <= precision) return text;
  return Array.from(text).slice(0, precision).join("");
}

function pad({ minus, zero, width }: Directive, text: string): string {
  if (width === 0) return text;
  const missing = width - characterCount(text);
  if (missing <= 0) return text;
  return minus ? text + " ".repeat(missing) : (zero ? "0" : " ").repeat(missing) + text;
}
