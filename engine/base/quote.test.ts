import { describe, expect, it } from "vitest";
import { hexBytes, isPrintable, quote, quoteBytes, quoteCharacter, unquote } from "./quote.ts";

describe("quote", () => {
  it.each([
    ["plain text", '"plain text"'],
    ['say "hi"\\', '"say \\"hi\\"\\\\"'],
    ["\x07\b\f\n\r\t\v", '"\\a\\b\\f\\n\\r\\t\\v"'],
    ["\0\x7f", '"\\x00\\x7f"'],
    ["é你😀", '"é你😀"'],
    ["\u00a0\u200b", '"\\u00a0\\u200b"'],
    ["\u{e0001}", '"\\U000e0001"'],
  ])("%j is written %s and read back", (text, literal) => {
    expect(quote(text)).toBe(literal);
    expect(unquote(literal)).toBe(text);
  });

  it.each([
    ["'", "'\\''"],
    ['"', "'\"'"],
    ["\n", "'\\n'"],
    ["x", "'x'"],
  ])("the character %j is written %s", (character, literal) =>
    expect(quoteCharacter(character)).toBe(literal),
  );

  it("quotes bytes as Go's time package does", () => expect(quoteBytes('a"é')).toBe('"a\\"\\xc3\\xa9"'));
  it("writes bytes in hexadecimal", () => expect(hexBytes("Aé")).toBe("41c3a9"));
  it("knows what is printable", () =>
    expect(["a", " ", "é", "\u200b", "\n"].map(isPrintable)).toEqual([true, true, true, false, false]));
});

describe("unquote", () => {
  it.each([
    ["`raw \\n\r`", "raw \\n"],
    ['"\\xe4\\xbd\\xa0\\101"', "你A"],
    ['"\\u4f60\\U0001F600"', "你😀"],
    ["'\\''", "'"],
    ["'\\xe9'", "é"],
  ])("%s", (literal, text) => expect(unquote(literal)).toBe(text));

  it.each([
    '"',
    '"a',
    '"a"b"',
    '"\\q"',
    '"\\\'"',
    '"\\x4"',
    '"\\uD800"',
    '"\\U00110000"',
    '"a\nb"',
    "`a`b`",
    "abc",
  ])("refuses %s", literal => expect(() => unquote(literal)).toThrow("invalid syntax"));
});
