import { describe, expect, it } from "vitest";
import { alignColumns, topLayout, versionLayout } from "./table.ts";

describe("alignColumns", () => {
  it("makes columns as wide as their widest cell and at least the minimum", () => {
    expect(alignColumns("ID\tNAMES\tSTATUS\nabc\ta long name\tup\n")).toBe(
      "ID        NAMES         STATUS\nabc       a long name   up\n",
    );
  });
  it("counts what is seen, not characters", () => {
    expect(alignColumns("你好世界好\tx\nabcdefghi\ty\n")).toBe("你好世界好   x\nabcdefghi    y\n");
  });
  it("ends a column where a line lacks it", () => {
    const layout = { minWidth: 0, padding: 1 };
    expect(alignColumns("a\tb\nlong cell\tc\n\nd\te\n", layout)).toBe("a         b\nlong cell c\n\nd e\n");
    expect(alignColumns("a\tb\tc\nx\ty\nwide one\tz\tw\n", layout)).toBe(
      "a        b c\nx        y\nwide one z w\n",
    );
  });
  it("keeps empty cells", () =>
    expect(alignColumns("A\t\tB\n\tc\t\n")).toBe("A                   B\n          c         \n"));
  it("has the layouts of other commands", () => {
    expect(alignColumns("UID\tPID\n", topLayout)).toBe("UID                 PID\n");
    expect(alignColumns("A name of 20 columns\tx\n", versionLayout)).toBe("A name of 20 columns x\n");
  });
  it("leaves text without tabs alone", () => expect(alignColumns("a  b\n")).toBe("a  b\n"));
  it("opens no cell at the very end", () => expect(alignColumns("a\tb\t")).toBe("a         b"));
});
