import { expect, it } from "vitest";
import { busyBetween } from "./idle.ts";

function stat(pid: number, name: string, user: number, system: number): string {
  return `${pid} (${name}) S 1 1 1 0 -1 4194304 57 0 0 0 ${user} ${system} 0 0 20 0 1 0 452`;
}

it("finds who worked between two samples", () => {
  const before = [stat(1, "init", 3, 4), stat(7, "js (run)", 10, 20), stat(8, "cat", 1, 1), ""].join("\n");
  const after = [stat(1, "init", 3, 4), stat(7, "js (run)", 10, 21), stat(9, "cat", 5, 5), ""].join("\n");
  expect(busyBetween(before, after)).toEqual(["js (run)"]);
  expect(busyBetween(before, before)).toEqual([]);
});
