import { describe, expect, it } from "vitest";
import { checkedPath, checkedRequest } from "./request-check.ts";

const GET = {
  method: "GET",
  target: "/a?b",
  headers: [["A", "b"]],
  body: null,
  document: true,
  cookies: true,
};

describe("a request from the preview", () => {
  it("is taken as a page would make it, and nothing else with it", () => {
    const body = new Blob(["x"]);
    expect(checkedRequest({ ...GET, method: "POST", body, port: 22 })).toEqual({
      ...GET,
      method: "POST",
      body,
    });
  });

  it.each([
    undefined,
    null,
    "GET /",
    [],
    {},
    { ...GET, method: "CONNECT" },
    { ...GET, method: "TRACE" },
    { ...GET, method: "GET / HTTP/1.1\r\nA: b\r\n\r\nGET" },
    { ...GET, target: "http://localhost:22/" },
    { ...GET, target: "/a b" },
    { ...GET, target: "/\r\nA: b" },
    { ...GET, target: `/${"a".repeat(17_000)}` },
    { ...GET, headers: { A: "b" } },
    { ...GET, headers: [["A"]] },
    { ...GET, headers: [["A b", "c"]] },
    { ...GET, headers: [["A", "b\nC: d"]] },
    { ...GET, headers: Array.from({ length: 100 }, () => ["A", "b".repeat(1000)]) },
    { ...GET, body: "text" },
  ])("is refused as %j", data => {
    expect(checkedRequest(data)).toBeUndefined();
  });

  it("may only claim to show a path", () => {
    expect(checkedPath("/a?b#c")).toBe("/a?b#c");
    expect(["javascript:alert(1)", "a", "/a\nb", 5, undefined].map(checkedPath)).toEqual(
      Array.from({ length: 5 }, () => undefined),
    );
  });
});
