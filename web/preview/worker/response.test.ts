import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { toResponse } from "./response.ts";

function body(bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start: controller => {
      controller.enqueue(new Uint8Array(bytes));
      controller.close();
    },
  });
}

function response(
  headers: readonly (readonly [string, string])[],
  bytes: Uint8Array,
  status = 200,
): Response {
  return toResponse({ type: "head", status, reason: "", headers }, body(bytes), "GET");
}

describe("a worker's response", () => {
  it.each(["gzip", "X-GZIP"])("is unpacked where it comes as %s", async coding => {
    const packed = gzipSync("hello");
    const made = response(
      [
        ["Content-Encoding", coding],
        ["Content-Length", String(packed.length)],
      ],
      packed,
    );
    expect(await made.text()).toBe("hello");
    expect([...made.headers]).toEqual([]);
  });

  it("is left as it is in any other coding", async () => {
    const made = response([["Content-Encoding", "br"]], Buffer.from("hello"));
    expect(await made.text()).toBe("hello");
    expect(made.headers.get("Content-Encoding")).toBe("br");
  });

  it.each([204, 205, 304])("has no body with status %d", status => {
    expect(response([], new Uint8Array(), status).body).toBeNull();
  });

  it("may be framed, whatever else it forbids", () => {
    const policy = "default-src 'self'; frame-ancestors 'none'; img-src *";
    const { headers } = response(
      [
        ["X-Frame-Options", "DENY"],
        ["Content-Security-Policy", policy],
      ],
      new Uint8Array(),
    );
    expect(headers.get("X-Frame-Options")).toBeNull();
    expect(headers.get("Content-Security-Policy")).toBe("default-src 'self';; img-src *");
  });
});
