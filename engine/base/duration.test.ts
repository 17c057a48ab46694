import { describe, expect, it } from "vitest";
import { formatDuration, hour, millisecond, minute, parseDuration, second } from "./duration.ts";

describe("durations", () => {
  it.each([
    ["0s", 0],
    ["1ns", 1],
    ["1.5µs", 1500],
    ["2.2ms", 2200000],
    ["3.3s", 3.3 * second],
    ["4m5.001s", 4 * minute + 5 * second + millisecond],
    ["5h6m7s", 5 * hour + 6 * minute + 7 * second],
    ["1h0m0s", hour],
    ["-1m30s", -90 * second],
  ])("%s is written and read", (text, duration) => {
    expect(formatDuration(duration)).toBe(text);
    expect(parseDuration(text)).toBe(duration);
  });

  it.each([
    ["0", 0],
    ["-0", 0],
    ["+5s", 5 * second],
    ["1h30m", 90 * minute],
    [".5s", 500 * millisecond],
    ["1.s", second],
    ["0.3s", 300 * millisecond],
    ["0.1000000000000000000s", 100 * millisecond],
    ["1us", 1000],
    ["1μs", 1000],
    ["10ms5m", 5 * minute + 10 * millisecond],
  ])("reads %s", (text, duration) => expect(parseDuration(text)).toBe(duration));

  it.each([
    ["", 'time: invalid duration ""'],
    ["x", 'time: invalid duration "x"'],
    ["-", 'time: invalid duration "-"'],
    [".s", 'time: invalid duration ".s"'],
    ["1 s", 'time: unknown unit " s" in duration "1 s"'],
    ["5", 'time: missing unit in duration "5"'],
    ["3x", 'time: unknown unit "x" in duration "3x"'],
    ["1é", 'time: unknown unit "\\xc3\\xa9" in duration "1\\xc3\\xa9"'],
    ["9223372037s", 'time: invalid duration "9223372037s"'],
  ])("refuses %j", (text, message) => expect(() => parseDuration(text)).toThrow(message));
});
