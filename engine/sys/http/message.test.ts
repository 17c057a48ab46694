import { describe, expect, it } from "vitest";
import { chunkPrefix, formatHead, framingOf, headersOf } from "./message.ts";

const framing = (fields: Record<string, string>): unknown =>
  framingOf(new Map(Object.entries(fields)), { length: 0 });

describe("headersOf", () => {
  it("joins the values of a field that was sent several times", () => {
    const headers = headersOf([9, "GET / HTTP/1.1", "accept", "a", "host", "h", "accept", "b"]);
    expect([...headers]).toEqual([
      ["accept", "a, b"],
      ["host", "h"],
    ]);
  });
});

describe("formatHead", () => {
  it("ends each line, and the head, as HTTP does", () => {
    expect(formatHead("HTTP/1.1 200 OK", [["A", "1"]])).toBe("HTTP/1.1 200 OK\r\nA: 1\r\n\r\n");
  });
});

describe("framingOf", () => {
  it("reads the length", () => {
    expect(framing({ "content-length": "12" })).toEqual({ length: 12 });
    expect(framing({ "content-length": "0" })).toEqual({ length: 0 });
    expect(framing({})).toEqual({ length: 0 });
  });

  it("takes a length that was sent twice for one, if both are the same", () => {
    expect(framing({ "content-length": "12, 12" })).toEqual({ length: 12 });
    expect(() => framing({ "content-length": "12, 13" })).toThrow(SyntaxError);
  });

  it.each(["-1", "+1", "1e3", "0x10", "", " ", "9999999999999999"])("refuses the length %j", length => {
    expect(() => framing({ "content-length": length })).toThrow(SyntaxError);
  });

  it("lets chunked come before a length", () => {
    expect(framing({ "transfer-encoding": "chunked", "content-length": "5" })).toBe("chunked");
    expect(framing({ "transfer-encoding": "Chunked" })).toBe("chunked");
  });

  it.each(["gzip", "gzip, chunked", "chunked, gzip", "xchunked"])("refuses the encoding %j", encoding => {
    expect(() => framing({ "transfer-encoding": encoding, "content-length": "5" })).toThrow(SyntaxError);
  });
});

describe("chunkPrefix", () => {
  it("is the length in hexadecimal digits", () => {
    expect(chunkPrefix(255)).toBe("ff\r\n");
  });
});
