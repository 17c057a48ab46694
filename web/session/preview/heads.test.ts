import { describe, expect, it } from "vitest";
import type { PreviewRequest } from "../../preview/messages.ts";
import { CookieJar } from "./cookie-jar.ts";
import { requestHead, responseHead } from "./heads.ts";

const GET: PreviewRequest = {
  method: "GET",
  target: "/a",
  headers: [],
  body: null,
  document: true,
  cookies: true,
};

/** An answer's head with one field, as the preview gets it. */
function returned(name: string, value: string, jar = new CookieJar()): readonly (readonly string[])[] {
  return responseHead({ status: 302, reason: "Found", headers: [[name, value]] }, GET, 8080, jar).headers;
}

describe("a request on its way to the guest", () => {
  it("is for localhost, whatever the preview's origin is called", () => {
    const headers = [
      ["Host", "8080-1.localhost:8081"],
      ["referer", "http://8080-1.localhost:8081/from?x"],
      ["Accept", "text/html"],
      ["Cookie", "forged=1"],
      ["Content-Length", "5"],
    ] as const;
    expect(requestHead({ ...GET, headers }, 8080, new CookieJar()).headers).toEqual([
      ["Host", "localhost:8080"],
      ["Accept", "text/html"],
      ["Connection", "close"],
      ["Accept-Encoding", "gzip, deflate"],
      ["Referer", "http://localhost:8080/from?x"],
    ]);
  });

  it("says how long its body is, and where it comes from", () => {
    const post: PreviewRequest = { ...GET, method: "POST", body: new Blob(["käse"]) };
    const { headers } = requestHead(post, 8080, new CookieJar());
    expect(headers).toContainEqual(["Content-Length", "5"]);
    expect(headers).toContainEqual(["Origin", "http://localhost:8080"]);
    const empty = requestHead({ ...post, body: null }, 8080, new CookieJar());
    expect(empty.headers).toContainEqual(["Content-Length", "0"]);
  });

  it("asks for a part of the thing itself, not of a compressed one", () => {
    const ranged = requestHead({ ...GET, headers: [["Range", "bytes=0-1"]] }, 8080, new CookieJar());
    expect(ranged.headers).toContainEqual(["Accept-Encoding", "identity"]);
  });

  it("brings cookies where they belong", () => {
    const jar = new CookieJar();
    expect(returned("Set-Cookie", "a=1", jar)).toEqual([]);
    expect(requestHead(GET, 8080, jar).headers).toContainEqual(["Cookie", "a=1"]);
    const without = requestHead({ ...GET, cookies: false }, 8080, jar).headers;
    expect(without.filter(([name]) => name === "Cookie")).toEqual([]);
  });
});

it.each([
  ["http://localhost:8080/b?c#d", "/b?c#d"],
  ["http://127.0.0.1:8080/b", "/b"],
  ["/b", "/b"],
  ["b", "b"],
  ["http://localhost:9090/b", "http://localhost:9090/b"],
  ["http://localhost/b", "http://localhost/b"],
  ["https://localhost:8080/b", "https://localhost:8080/b"],
  ["http://example.org/", "http://example.org/"],
])("sends on a redirection to %s as %s", (location, expected) => {
  expect(returned("Location", location)).toEqual([["Location", expected]]);
});

it("keeps a connection's own fields to itself", () => {
  expect(returned("Transfer-Encoding", "chunked")).toEqual([]);
  expect(returned("Connection", "close")).toEqual([]);
});
