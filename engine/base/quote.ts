/**
 * Go's string literals: how Go's `%q` writes a string, and how a template's literal is read. Docker's
 * messages quote what the user typed in this form.
 */
import { EngineError } from "./errors.ts";
import { decodeUtf8, encodeUtf8 } from "./utf8.ts";

const plain = /^[ !#-[\]-~]*$/;
const unprintable = /["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu;
const printableCharacter = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const shortEscapes: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

/** `text` as a Go string literal in double quotes (`strconv.Quote`). */
export function quote(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  return `"${text.replace(unprintable, escapeCharacter)}"`;
}

/** `character` as a Go character literal (`strconv.QuoteRune`). */
export function quoteCharacter(character: string): string {
  if (character === "'") return "'\\''";
  return character === '"' ? "'\"'" : `'${character.replace(unprintable, escapeCharacter)}'`;
}

/** Whether Go prints `character` as it is (`unicode.IsPrint`). */
export function isPrintable(character: string): boolean {
  return printableCharacter.test(character);
}

function escapeCharacter(character: string): string {
  const short = shortEscapes[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}

const escapeSequences =
  /((?:\\x[0-9a-fA-F]{2}|\\[0-3][0-7]{2})+)|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\([abfnrtv\\'"])|\\/g;
const byteEscape = /\\x([0-9a-fA-F]{2})|\\([0-3][0-7]{2})/g;
const escapeMeanings: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

/**
 * The text that a Go literal stands for: `"..."` with escapes, `` `...` `` without, `'...'` for one
 * character. Fails with Go's "invalid syntax".
 */
export function unquote(literal: string): string {
  const mark = literal[0];
  const body = literal.slice(1, -1);
  if (literal.length < 2 || literal.at(-1) !== mark) throw invalidSyntax();
  if (mark === "`") {
    if (body.includes("`")) throw invalidSyntax();
    return body.replaceAll("\r", "");
  }
  if ((mark !== '"' && mark !== "'") || body.includes("\n")) throw invalidSyntax();
  if (body.replace(/\\./gs, "").includes(mark)) throw invalidSyntax();
  return body.includes("\\") ? unescape(body, mark) : body;
}

function unescape(body: string, mark: string): string {
  return body.replace(
    escapeSequences,
    (_, bytes?: string, short?: string, long?: string, letter?: string) => {
      if (bytes !== undefined) return unescapeBytes(bytes, mark);
      const code = short ?? long;
      if (code !== undefined) return fromCode(Number.parseInt(code, 16));
      // Each quote mark may be escaped only inside its own kind of literal.
      if (letter === mark) return mark;
      const meaning = letter === undefined ? undefined : escapeMeanings[letter];
      if (meaning === undefined) throw invalidSyntax();
      return meaning;
    },
  );
}

function unescapeBytes(escapes: string, mark: string): string {
  const bytes = Array.from(escapes.matchAll(byteEscape), ([, hexDigits, octalDigits]) =>
    hexDigits === undefined ? Number.parseInt(octalDigits ?? "", 8) : Number.parseInt(hexDigits, 16),
  );
  // In a character literal such an escape is the code of the character, in a string it is a byte.
  return mark === "'" ? String.fromCharCode(...bytes) : decodeUtf8(bytes);
}

function fromCode(code: number): string {
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) throw invalidSyntax();
  return String.fromCodePoint(code);
}

function invalidSyntax(): EngineError {
  return new EngineError("invalid", "invalid syntax");
}

/** The bytes of `text` in hexadecimal, two digits each, as Go's `%x` writes a string. */
export function hexBytes(text: string): string {
  return encodeUtf8(text)
    .map(byte => hex(byte, 2))
    .join("");
}

/** The quoting of Go's time package: beyond quotes and backslashes, everything but ASCII is written as bytes. */
export function quoteBytes(text: string): string {
  const body = text.replace(/["\\]/g, "\\$&");
  return `"${body.replace(/[^ -\x7f]/gu, character =>
    encodeUtf8(character)
      .map(byte => `\\x${byte.toString(16).padStart(2, "0")}`)
      .join(""),
  )}"`;
}
