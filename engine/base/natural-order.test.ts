import { expect, it } from "vitest";
import { compareNaturally } from "./natural-order.ts";

it.each([
  ["a2", "a10"],
  ["a", "b"],
  ["a", "ab"],
  ["a1", "ab"],
  ["1", "a"],
  ["A", "a"],
  ["a1b2", "a1b10"],
  ["a1", "a01"],
  ["a1c", "a01b"],
  ["", "a"],
  ["9999999999999999998", "9999999999999999999"],
])("%s comes before %s", (first, second) => {
  expect(compareNaturally(first, second)).toBeLessThan(0);
  expect(compareNaturally(second, first)).toBeGreaterThan(0);
  expect(compareNaturally(first, first)).toBe(0);
});
