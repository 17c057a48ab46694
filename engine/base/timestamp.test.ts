import { describe, expect, it } from "vitest";
import { second } from "./duration.ts";
import {
  addDuration,
  compareTimestamps,
  durationBetween,
  formatTimestamp,
  formatTimestampFixed,
  formatTimestampWithZone,
  fromMilliseconds,
  parseTimestamp,
  zeroTimestamp,
} from "./timestamp.ts";

const instant = { seconds: 1714557600, nanoseconds: 120000000 };
const summerInBerlin = { name: "CEST", offset: 120 };

describe("timestamps", () => {
  it("are written in RFC 3339", () => {
    expect(formatTimestamp(instant)).toBe("2024-05-01T10:00:00.12Z");
    expect(formatTimestamp(instant, summerInBerlin)).toBe("2024-05-01T12:00:00.12+02:00");
    expect(formatTimestamp({ seconds: 0, nanoseconds: 0 }, { name: "", offset: -210 })).toBe(
      "1969-12-31T20:30:00-03:30",
    );
    expect(formatTimestamp(zeroTimestamp)).toBe("0001-01-01T00:00:00Z");
  });

  it("are written with all digits for logs", () => {
    expect(formatTimestampFixed(instant)).toBe("2024-05-01T10:00:00.120000000Z");
  });

  it("are written for columns", () => {
    expect(formatTimestampWithZone(instant)).toBe("2024-05-01 10:00:00.12 +0000 UTC");
    const noon = { seconds: instant.seconds, nanoseconds: 0 };
    expect(formatTimestampWithZone(noon, summerInBerlin)).toBe("2024-05-01 12:00:00 +0200 CEST");
  });

  it.each([
    ["2024-05-01T10:00:00.12Z", instant],
    ["2024-05-01T12:00:00.12+02:00", instant],
    ["2024-05-01T10:00:00,1200000009Z", instant],
    ["0001-01-01T00:00:00Z", zeroTimestamp],
    ["2024-02-29T23:59:59.999999999Z", { seconds: 1709251199, nanoseconds: 999999999 }],
  ])("%s is read", (text, timestamp) => expect(parseTimestamp(text)).toEqual(timestamp));

  const layout = 'as "2006-01-02T15:04:05Z07:00"';
  it.each([
    ["x", `parsing time "x" ${layout}: cannot parse "x" as "2006"`],
    ["2024-13-01T00:00:00Z", 'parsing time "2024-13-01T00:00:00Z": month out of range'],
    ["2023-02-29T00:00:00Z", 'parsing time "2023-02-29T00:00:00Z": day out of range'],
    [
      "2024-05-01 10:00:00Z",
      `parsing time "2024-05-01 10:00:00Z" ${layout}: cannot parse " 10:00:00Z" as "T"`,
    ],
    ["2024-05-01T10:00:00", `parsing time "2024-05-01T10:00:00" ${layout}: cannot parse "" as "Z07:00"`],
    ["2024-05-01T10:00:00Zx", 'parsing time "2024-05-01T10:00:00Zx": extra text: "x"'],
    [
      "2024-05-01T10:00:00+25:00",
      'parsing time "2024-05-01T10:00:00+25:00": time zone offset hour out of range',
    ],
  ])("refuses %s", (text, message) => expect(() => parseTimestamp(text)).toThrow(message));

  it("can be computed with", () => {
    const later = addDuration(instant, 1.9 * second);
    expect(later).toEqual({ seconds: instant.seconds + 2, nanoseconds: 20000000 });
    expect(durationBetween(instant, later)).toBe(1.9 * second);
    expect(addDuration(later, -1.9 * second)).toEqual(instant);
    expect(compareTimestamps(instant, later)).toBeLessThan(0);
    expect(compareTimestamps(later, { ...later, nanoseconds: 0 })).toBeGreaterThan(0);
    expect(fromMilliseconds(-1)).toEqual({ seconds: -1, nanoseconds: 999000000 });
  });
});
