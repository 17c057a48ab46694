import { describe, expect, it } from "vitest";
import { hour, second } from "./duration.ts";
import { bytesSize, humanDuration, humanSize, parseHumanSize, parseRamSize, parseUlimit } from "./units.ts";

describe("sizes", () => {
  it.each([
    [0, "0B", "0B"],
    [999, "999B", "999B"],
    [1024, "1.024kB", "1KiB"],
    [4416, "4.416kB", "4.312KiB"],
    [1240000, "1.24MB", "1.183MiB"],
    [999999, "1000kB", "976.6KiB"],
  ])("%d bytes", (bytes, decimal, binary) => {
    expect(humanSize(bytes)).toBe(decimal);
    expect(bytesSize(bytes)).toBe(binary);
  });

  it("shows fewer digits when asked", () => expect(humanSize(4261550, 3)).toBe("4.26MB"));

  it("reads the same number in two ways", () => {
    expect(parseHumanSize("1.5k")).toBe(1500);
    expect(parseRamSize("1.5k")).toBe(1536);
  });

  it.each([
    ["hello", "invalid size: 'hello'"],
    ["-1", "invalid size: '-1'"],
    ["1.2.3", 'strconv.ParseFloat: parsing "1.2.3": invalid syntax'],
    ["5Q", "invalid suffix: 'q'"],
    ["5MiBs", "invalid suffix: 'MiBs'"],
    ["5bb", "invalid suffix: 'bb'"],
  ])("refuses %s", (text, message) => expect(() => parseRamSize(text)).toThrow(message));
});

describe("humanDuration", () => {
  it.each([
    [-5 * second, "Less than a second"],
    [59 * second, "59 seconds"],
    [89 * 60 * second, "About an hour"],
    [90 * 60 * second, "2 hours"],
    [13 * 24 * hour, "13 days"],
    [800 * 24 * hour, "2 years"],
  ])("%d ns", (duration, text) => expect(humanDuration(duration)).toBe(text));
});

describe("parseUlimit", () => {
  it("takes unlimited", () => {
    expect(parseUlimit("memlock=-1:-1")).toEqual({ name: "memlock", soft: -1, hard: -1 });
    expect(parseUlimit("core=0:-1")).toEqual({ name: "core", soft: 0, hard: -1 });
  });
  it.each([
    ["nofile", "invalid ulimit argument: nofile"],
    ["as=1", "invalid ulimit type: as"],
    ["nofile=1:2:3", "too many limit value arguments - 1:2:3, can only have up to two, `soft[:hard]`"],
    ["nofile=", 'strconv.ParseInt: parsing "": invalid syntax'],
    ["nofile=x:y", 'strconv.ParseInt: parsing "y": invalid syntax'],
    ["nofile=5:4", "ulimit soft limit must be less than or equal to hard limit: 5 > 4"],
    [
      "nofile=-1:4",
      "ulimit soft limit must be less than or equal to hard limit: soft: -1 (unlimited), hard: 4",
    ],
  ])("refuses %s", (text, message) => expect(() => parseUlimit(text)).toThrow(message));
});
