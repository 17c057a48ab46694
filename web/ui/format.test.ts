import { expect, it } from "vitest";
import { megabytes, moment } from "./format.ts";

const NOW = new Date(2026, 10, 22, 14, 5).getTime();

it("tells a moment of today by its time, an earlier one by its day too", () => {
  expect(moment(NOW, "zh", NOW)).toBe("14:05");
  expect(moment(NOW - 24 * 3600 * 1000, "zh", NOW)).toBe("2026年11月21日 14:05");
  expect(moment(NOW, "en", NOW)).toMatch(/^2:05\sPM$/);
});

it("tells bytes as megabytes", () => {
  expect(megabytes(14_149_999)).toBe("14.1");
});
