import { describe, expect, it } from "vitest";
import { parseFirstJson } from "./json-syntax.ts";

describe("a text that is JSON", () => {
  it.each(['{"a":[1,{"b":null}]}', " [] ", '"x"', "-1.5e+3", "true"])("is parsed: %s", text => {
    expect(parseFirstJson(text)).toEqual({ value: JSON.parse(text), rest: "" });
  });

  it.each([
    ['{"a":1} x', { a: 1 }, " x"],
    ["[1][2]", [1], "[2]"],
    ['"a\\u00e9\\n""', "aé\n", '"'],
  ] as const)("may have something behind it: %s", (text, value, rest) => {
    expect(parseFirstJson(text)).toEqual({ value, rest });
  });
});

/** Observed of Docker's client 28.2.2 with such a config.json. */
describe("a text that is no JSON is told in Go's words", () => {
  it.each([
    ["", "unexpected EOF"],
    ["{", "unexpected EOF"],
    ['{"a"', "unexpected EOF"],
    ['{"a":"', "unexpected EOF"],
    ['{"a":1', "unexpected EOF"],
    ["nonsense", "invalid character 'o' in literal null (expecting 'u')"],
    ['{"a":tru}', "invalid character '}' in literal true (expecting 'e')"],
    ['{"a":}', "invalid character '}' looking for beginning of value"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ["{a:1}", "invalid character 'a' looking for beginning of object key string"],
    ['{"a":"b\n"}', "invalid character '\\n' in string literal"],
    ['{"a":1 "b":2}', "invalid character '\"' after object key:value pair"],
    ["[1 2]", "invalid character '2' after array element"],
    ["[,]", "invalid character ',' looking for beginning of value"],
    ["[1,]", "invalid character ']' looking for beginning of value"],
    ['{"a":01}', "invalid character '1' after object key:value pair"],
    ['{"a":-}', "invalid character '}' in numeric literal"],
    ["[1.]", "invalid character ']' after decimal point in numeric literal"],
    ["[1e]", "invalid character ']' in exponent of numeric literal"],
    ['{"a":"\\x"}', "invalid character 'x' in string escape code"],
    ['["\\u12g4"]', "invalid character 'g' in \\u hexadecimal character escape"],
    ["'a'", "invalid character '\\'' looking for beginning of value"],
  ])("%s", (text, message) => {
    expect(() => parseFirstJson(text)).toThrow(expect.objectContaining({ message }));
  });
});
