import { describe, expect, it } from "vitest";
import { type MachineState, NEXT_STATES, step } from "./machine-state.ts";

describe("step", () => {
  it.each<[string, MachineState[]]>([
    ["a boot", ["off", "loading", "booting", "handshaking", "running", "stopped", "running", "off"]],
    ["a restore", ["off", "loading", "restoring", "handshaking", "running", "off"]],
    ["a failure", ["off", "loading", "failed", "off", "loading"]],
  ])("allows %s", (_name, path) => {
    expect(path.reduce((from, next) => step(from, next))).toBe(path.at(-1));
  });

  it("refuses what the table does not have", () => {
    expect(() => step("off", "running")).toThrow(
      expect.objectContaining({ kind: "state", message: "a machine that is off cannot become running" }),
    );
    expect(() => step("running", "loading")).toThrow("cannot become loading");
  });

  it("lets every machine be switched off, and fail once it does something", () => {
    for (const [state, next] of Object.entries(NEXT_STATES)) {
      if (state !== "off") expect(next).toContain("off");
      if (state !== "off" && state !== "failed") expect(next).toContain("failed");
    }
  });
});
