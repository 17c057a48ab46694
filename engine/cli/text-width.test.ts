import { describe, expect, it } from "vitest";
import { displayWidth, ellipsis } from "./text-width.ts";

describe("displayWidth", () => {
  it.each([
    ["", 0],
    ["abc", 3],
    ["é", 1],
    ["e\u0301", 1],
    ["你好", 4],
    ["ｆｕｌｌ", 8],
    ["한글", 4],
    ["😀", 2],
    ["👍🏽", 2],
    ["👩‍🚀", 2],
    ["🇩🇪", 1],
    ["…→", 2],
    ["a\u200bb", 2],
  ])("%s", (text, width) => expect(displayWidth(text)).toBe(width));
});

describe("ellipsis", () => {
  it.each([
    ["hello", 5, "hello"],
    ["hello!", 5, "hell…"],
    ["hello", 1, "h"],
    ["hello", 0, ""],
    ["", 1, ""],
    ["", 5, ""],
    ["你好", 4, "你好"],
    ["你好吗", 5, "你好…"],
    ["你好吗", 4, "你…"],
    ["你好", 2, "你好"],
    ["你好", 1, "你"],
    ["aé你b", 4, "aé…"],
  ])("%s in %d", (text, columns, shown) => expect(ellipsis(text, columns)).toBe(shown));
});
