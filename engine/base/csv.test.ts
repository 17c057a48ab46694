import { describe, expect, it } from "vitest";
import { parseCsvRecord } from "./csv.ts";

describe("parseCsvRecord", () => {
  it.each([
    ["a,b", ["a", "b"]],
    ["a,", ["a", ""]],
    [",", ["", ""]],
    [" a ,b", [" a ", "b"]],
    ['"a,b",c', ["a,b", "c"]],
    ['"say ""hi""",', ['say "hi"', ""]],
    ['"two\nlines",x', ["two\nlines", "x"]],
    ["\n\r\na,b\r\nignored", ["a", "b"]],
    ['\n"a",b\r\nignored', ["a", "b"]],
  ])("%j", (text, fields) => expect(parseCsvRecord(text)).toEqual(fields));

  it.each([
    ["", "EOF"],
    ["\n", "EOF"],
    ['a"b', 'parse error on line 1, column 2: bare " in non-quoted-field'],
    ['é,b"', 'parse error on line 1, column 5: bare " in non-quoted-field'],
    ['"a', 'parse error on line 1, column 3: extraneous or missing " in quoted-field'],
    ['"a"b', 'parse error on line 1, column 3: extraneous or missing " in quoted-field'],
    [
      '\n"a\nb"c',
      'record on line 2; parse error on line 3, column 2: extraneous or missing " in quoted-field',
    ],
  ])("refuses %j", (text, message) => expect(() => parseCsvRecord(text)).toThrow(message));
});
