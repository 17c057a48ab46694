import { describe, expect, it } from "vitest";
import { decodeTimeOption, encodeTimeOption } from "./time-option.ts";

const now = { seconds: 1714557600, nanoseconds: 500000000 };
const berlin = { name: "CEST", offset: 120 };

describe("encodeTimeOption", () => {
  it.each([
    ["10m", "1714557000"],
    ["1h30m", "1714552200"],
    ["600ms", "1714557599"],
    ["0", "0"],
    ["1714557600", "1714557600"],
    ["1714557600.5", "1714557600.5"],
    ["2024-05-01", "1714521600.000000000"],
    ["2024-05-01Z", "1714521600.000000000"],
    ["2024-05-01T10", "1714557600.000000000"],
    ["2024-05-01T10Z", "1714557600.000000000"],
    ["2024-05-01T12+02:00", "1714557600.000000000"],
    ["2024-05-01T10:00", "1714557600.000000000"],
    ["2024-05-01T08:00-02:00", "1714557600.000000000"],
    ["2024-05-01T10:00:00", "1714557600.000000000"],
    ["2024-05-01T10:00:00.25", "1714557600.250000000"],
    ["2024-05-01T10:00:00.25Z", "1714557600.250000000"],
  ])("%s", (value, encoded) => expect(encodeTimeOption(value, now)).toBe(encoded));

  it("takes times without a zone as the user's", () => {
    expect(encodeTimeOption("2024-05-01T12:00", now, berlin)).toBe("1714557600.000000000");
    expect(encodeTimeOption("2024-05-01T10:00Z", now, berlin)).toBe("1714557600.000000000");
  });

  it.each([
    ["yesterday", 'failed to parse value as time or duration: "yesterday"'],
    ["1.2.3", 'failed to parse value as time or duration: "1.2.3"'],
    ["2024-05-32", 'parsing time "2024-05-32": day out of range'],
    ["-5", 'parsing time "-5" as "2006-01-02": cannot parse "-5" as "2006"'],
    ["2024-05", 'parsing time "2024-05" as "2006-01-02": cannot parse "" as "-"'],
  ])("refuses %s", (value, message) => expect(() => encodeTimeOption(value, now)).toThrow(message));
});

describe("decodeTimeOption", () => {
  it.each([
    ["1136073600", { seconds: 1136073600, nanoseconds: 0 }],
    ["1136073600.000000001", { seconds: 1136073600, nanoseconds: 1 }],
    ["1136073600.5", { seconds: 1136073600, nanoseconds: 500000000 }],
    ["1136073600.0000000019", { seconds: 1136073600, nanoseconds: 1 }],
  ])("%s", (value, timestamp) => expect(decodeTimeOption(value)).toEqual(timestamp));
  it("refuses what is no number", () => expect(() => decodeTimeOption("1.")).toThrow("strconv.ParseInt"));
});
