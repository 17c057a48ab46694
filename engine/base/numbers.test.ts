import { describe, expect, it } from "vitest";
import { parseBoolean, parseFloatingPoint, parseInteger, parseUnsigned } from "./numbers.ts";

describe("parseInteger", () => {
  it.each([
    ["0", 0],
    ["-0", 0],
    ["+12", 12],
    ["0x1F", 31],
    ["-0b101", -5],
    ["0o17", 15],
    ["017", 15],
    ["1_000", 1000],
    ["0x_ff", 255],
  ])("%s with prefixes is %d", (text, value) => expect(parseInteger(text, 0)).toBe(value));

  it("reads leading zeros as decimal without prefixes", () => expect(parseInteger("017")).toBe(17));

  it.each(["", "-", "x", "1x", "1_", "_1", "09", "0x", "1__0", " 1", "1.0"])("refuses %j", text => {
    expect(() => parseInteger(text, 0)).toThrow(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  });

  it("keeps to Go's range", () => {
    expect(parseInteger("-9223372036854775808")).toBe(-(2 ** 63));
    expect(parseInteger("9223372036854775807")).toBe(2 ** 63);
    const message = 'strconv.ParseInt: parsing "9223372036854775808": value out of range';
    expect(() => parseInteger("9223372036854775808")).toThrow(message);
    expect(() => parseInteger("128", 10, 8)).toThrow("value out of range");
    expect(parseInteger("-128", 10, 8)).toBe(-128);
  });
});

describe("parseUnsigned", () => {
  it("takes no sign", () => {
    expect(() => parseUnsigned("-1")).toThrow('strconv.ParseUint: parsing "-1": invalid syntax');
  });
  it("keeps to the range", () => {
    expect(parseUnsigned("65535", 10, 16)).toBe(65535);
    expect(() => parseUnsigned("65536", 10, 16)).toThrow('parsing "65536": value out of range');
  });
});

describe("parseFloatingPoint", () => {
  it.each([
    ["1.5", 1.5],
    [".5", 0.5],
    ["5.", 5],
    ["-1e3", -1000],
    ["+Inf", Number.POSITIVE_INFINITY],
    ["-infinity", Number.NEGATIVE_INFINITY],
    ["NaN", Number.NaN],
  ])("%s", (text, value) => expect(parseFloatingPoint(text)).toBe(value));

  it.each(["", ".", "1e", "x", "-nan", "1 "])("refuses %j", text => {
    expect(() => parseFloatingPoint(text)).toThrow(`strconv.ParseFloat: parsing "${text}": invalid syntax`);
  });
  it("refuses what is too large", () => {
    expect(() => parseFloatingPoint("1e309")).toThrow(
      'strconv.ParseFloat: parsing "1e309": value out of range',
    );
  });
});

describe("parseBoolean", () => {
  it.each(["1", "t", "T", "true", "TRUE", "True"])("%s is true", text =>
    expect(parseBoolean(text)).toBe(true),
  );
  it.each(["0", "f", "F", "false", "FALSE", "False"])("%s is false", text =>
    expect(parseBoolean(text)).toBe(false),
  );
  it("refuses the rest", () => {
    expect(() => parseBoolean("yes")).toThrow('strconv.ParseBool: parsing "yes": invalid syntax');
  });
});
