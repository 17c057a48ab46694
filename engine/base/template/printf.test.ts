import { describe, expect, it } from "vitest";
import { printFormatted } from "./printf.ts";
import { Float } from "./value.ts";

describe("printFormatted", () => {
  it.each<[format: string, values: unknown[], text: string]>([
    ["%d|%5d|%-5d|%05d|%+d|% d", [1, 2, 3, 4, 5, 6], "1|    2|3    |00004|+5| 6"],
    ["%x %X %#x %o %#o %O %b %#b", [255, 255, 255, 8, 8, 8, 5, 5], "ff FF 0xff 10 010 0o10 101 0b101"],
    ["%c %q %U", [0x4f60, 0x4f60, 0x4f60], "你 '你' U+4F60"],
    ["%.3d|%.0d|%6.3d", [7, 0, -7], "007||  -007"],
    ["%d", [9007199254740993n], "9007199254740993"],
    ["%s|%5s|%-5s|%.2s|%05s", ["abc", "abc", "abc", "你好吗", "ab"], "abc|  abc|abc  |你好|000ab"],
    ["%q %#q %x %X % x %#x", ['a"b', 'a"b', "hi", "hi", "hi", "hi"], '"a\\"b" `a"b` 6869 6869 68 69 0x6869'],
    ["%v %#v", ["a", "a"], 'a "a"'],
    [
      "%f %.2f %8.3f|%-8.1f|%08.3f %+.1f",
      [1.5, 1.005, 1.5, 1.5, -1.5, 1.5],
      "1.500000 1.00    1.500|1.5     |-001.500 +1.5",
    ],
    [
      "%e %E %g %G %v",
      [1.5, 1.5, new Float(1e21), new Float(1e21), 1e-7],
      "1.500000e+00 1.500000E+00 1e+21 1E+21 1e-07",
    ],
    ["%t %v %6t", [true, false, true], "true false   true"],
    ["%T %T %T %T %T %T", [1, 1.5, "a", true, null, []], "int float64 string bool <nil> []interface {}"],
    [
      "%v %d %s",
      [
        [1, 2],
        [3, 4],
        ["a", "b"],
      ],
      "[1 2] [3 4] [a b]",
    ],
    ["%q %v", [["a b"], { k: [1] }], '["a b"] map[k:[1]]'],
    ["%03d", [[1, 22]], "[001 022]"],
    ["%*d|%-*d|%.*f|%*d", [4, 1, 4, 2, 2, 1.5, -4, 3], "   1|2   |1.50|3   "],
    ["100%%", [], "100%"],
  ])("%s", (format, values, text) => {
    expect(printFormatted(format, values)).toBe(text);
  });

  it.each<[format: string, values: unknown[], text: string]>([
    ["%d %s", ["a", 1], "%!d(string=a) %!s(int=1)"],
    ["%5d", ["a"], "%!d(string=    a)"],
    ["%d", [], "%!d(MISSING)"],
    ["%d", [null], "%!d(<nil>)"],
    ["%v %5v", [null, undefined], "<nil> <nil>"],
    ["%d", [[1, "a", null]], "[1 %!d(string=a) <nil>]"],
    ["none", [1, "a", null], "none%!(EXTRA int=1, string=a, <nil>)"],
    ["%", [], "%!(NOVERB)"],
    ["%z", [1], "%!z(int=1)"],
    ["%*d", ["x", 1], "%!(BADWIDTH)1"],
    ["%.*f", [2000000, 1.5], "%!(BADPREC)1.500000"],
    ["%x", [1.5], "%!x(float64=1.5)"],
    ["%f", [2], "%!f(int=2)"],
  ])("%s with %j shows its fault", (format, values, text) =>
    expect(printFormatted(format, values)).toBe(text),
  );
});
