import { describe, expect, it } from "vitest";
import { type FloatVerb, formatFloat } from "./floats.ts";

describe("formatFloat", () => {
  it.each<[number, FloatVerb, number | undefined, string]>([
    [0, "g", undefined, "0"],
    [-0, "g", undefined, "-0"],
    [100, "g", undefined, "100"],
    [1e6, "g", undefined, "1e+06"],
    [123456789, "g", undefined, "1.23456789e+08"],
    [0.0001, "g", undefined, "0.0001"],
    [0.00001, "g", undefined, "1e-05"],
    [1234.5, "g", 4, "1234"],
    [9999.5, "g", 4, "1e+04"],
    [0.00099996, "g", 3, "0.001"],
    [100, "g", 0, "1e+02"],
    [1.5, "e", 3, "1.500e+00"],
    [1.5, "E", undefined, "1.5E+00"],
    [1e-7, "f", undefined, "0.0000001"],
    [1e21, "f", 1, "1000000000000000000000.0"],
    [1e21, "f", undefined, "1000000000000000000000"],
    [2, "f", 2, "2.00"],
    [5e-324, "f", 3, "0.000"],
    [Number.NaN, "g", 3, "NaN"],
    [Number.POSITIVE_INFINITY, "f", 3, "+Inf"],
    [Number.NEGATIVE_INFINITY, "f", 3, "-Inf"],
  ])("%d as %s with precision %s", (value, verb, precision, text) => {
    expect(formatFloat(value, verb, precision)).toBe(text);
  });

  it("rounds an exact half to even", () => {
    expect(formatFloat(4.3125, "g", 4)).toBe("4.312");
    expect(formatFloat(4.3175, "g", 4)).toBe("4.317");
    expect(formatFloat(4.3135, "g", 4)).toBe("4.314");
    expect(formatFloat(0.5, "f", 0)).toBe("0");
    expect(formatFloat(1.5, "f", 0)).toBe("2");
    expect(formatFloat(2.5, "e", 0)).toBe("2e+00");
  });
});
