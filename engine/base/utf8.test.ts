import { describe, expect, it } from "vitest";
import { byteLength, characterCount, decodeUtf8, encodeUtf8, isAscii, sliceBytes } from "./utf8.ts";

const encoder = new TextEncoder();

describe("utf8", () => {
  it.each(["", "plain", "é", "你好", "a😀b", "\u07ff\u0800\uffff\u{10000}\u{10ffff}"])(
    "agrees with the host on %j",
    text => {
      const bytes = Array.from(encoder.encode(text));
      expect(encodeUtf8(text)).toEqual(bytes);
      expect(byteLength(text)).toBe(bytes.length);
      expect(decodeUtf8(bytes)).toBe(text);
    },
  );

  it("counts characters, not UTF-16 units", () => expect(characterCount("a😀é")).toBe(3));

  it("writes a lone surrogate as U+FFFD", () => {
    expect(encodeUtf8("\ud800")).toEqual([0xef, 0xbf, 0xbd]);
    expect(byteLength("\ud800")).toBe(3);
  });

  it.each([
    ["a truncated character", [0xe4, 0xbd], "\ufffd\ufffd"],
    ["a stray continuation byte", [0x61, 0x80, 0x62], "a\ufffdb"],
    ["an overlong form", [0xc0, 0x80], "\ufffd\ufffd"],
    ["an encoded surrogate", [0xed, 0xa0, 0x80], "\ufffd\ufffd\ufffd"],
    ["a code beyond Unicode", [0xf4, 0x90, 0x80, 0x80], "\ufffd\ufffd\ufffd\ufffd"],
  ])("replaces the bytes of %s", (_, bytes, text) => expect(decodeUtf8(bytes)).toBe(text));

  it("slices by bytes", () => {
    expect(sliceBytes("hello", 1, 3)).toBe("el");
    expect(sliceBytes("你好", 3, 6)).toBe("好");
    expect(sliceBytes("你好", 0, 4)).toBe("你\ufffd");
  });

  it("knows ASCII", () => {
    expect(isAscii("tab\t~")).toBe(true);
    expect(isAscii("é")).toBe(false);
  });
});
