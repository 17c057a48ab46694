import { describe, expect, it } from "vitest";
import { encodeProgram } from "./program.ts";

describe("encodeProgram", () => {
  it("counts the words of each record, settings before steps", () => {
    const text = encodeProgram({
      settings: [["stdio", "0", "1"]],
      steps: [["session"], ["exec", "sh", "-c", ""]],
    });
    expect(text.split("\0")).toEqual([
      "3",
      "stdio",
      "0",
      "1",
      "1",
      "steps",
      "1",
      "session",
      "4",
      "exec",
      "sh",
      "-c",
      "",
      "",
    ]);
  });

  it("refuses words that no system call could take", () => {
    expect(() => encodeProgram({ settings: [], steps: [["exec", "a\0b"]] })).toThrow(
      'exec: a NUL byte in "a\\u0000b"',
    );
  });
});
