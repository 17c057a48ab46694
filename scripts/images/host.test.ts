import { describe, expect, it } from "vitest";
import { parseList } from "./host.ts";

describe("parseList", () => {
  it("leaves comments and blank lines out", () => {
    expect(parseList("# packages\nbison\n\n  flex  # the lexer\n")).toEqual(["bison", "flex"]);
  });
});
