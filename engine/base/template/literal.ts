/** The values of number and character constants in templates, by Go's rules for untyped constants. */
import { EngineError } from "../errors.ts";
import { integerLiteral, parseFloatingPoint } from "../numbers.ts";
import { quote, unquote } from "../quote.ts";
import { Float } from "./value.ts";

const largestInteger = 2n ** 63n - 1n;

/** The value of the constant `text`. Complex numbers, which no data of Docker's has, are refused. */
export function numberValue(text: string): number | bigint | Float {
  if (text.endsWith("i")) throw new EngineError("invalid", `complex number not supported: ${quote(text)}`);
  const isNegative = text.startsWith("-");
  const magnitude = integerLiteral(text.replace(/^[+-]/, ""));
  if (magnitude === undefined) {
    const value = floatValue(text);
    if (/[.eE]/.test(text)) return new Float(value);
  }
  if (magnitude === undefined || magnitude > largestInteger) {
    throw new EngineError("invalid", `integer overflow: ${quote(text)}`);
  }
  if (typeof magnitude === "bigint") return isNegative ? -magnitude : magnitude;
  return isNegative ? 0 - magnitude : magnitude;
}

/** The code of the character in the constant `text`, which has its quotes. */
export function characterValue(text: string): number {
  const content = unquote(text);
  const code = content.codePointAt(0);
  if (code === undefined) throw new EngineError("invalid", "invalid syntax");
  if (content.length > (code > 0xffff ? 2 : 1)) {
    throw new EngineError("invalid", `malformed character constant: ${text}`);
  }
  return code;
}

function floatValue(text: string): number {
  try {
    return parseFloatingPoint(text);
  } catch (cause) {
    throw new EngineError("invalid", `illegal number syntax: ${quote(text)}`, { cause });
  }
}
