import { describe, expect, it } from "vitest";
import { encodeText } from "../../protocol/text.ts";
import { FakeStream } from "./fake-stream.ts";
import { SandboxInternet } from "./internet.ts";

const internet = new SandboxInternet({ open: () => Promise.resolve(undefined) });

/** A query as RFC 1035 has it: one question, recursion desired. */
function query(name: string, type: number): Uint8Array {
  const labels = name.split(".").flatMap(label => [label.length, ...encodeText(label)]);
  return Uint8Array.of(0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, type, 0, 1);
}

async function resolve(name: string, type = 1): Promise<{ code: number; address?: string }> {
  const question = query(name, type);
  const stream = new FakeStream([question]);
  internet.serve({ kind: "datagram", listener: "dns", peer: "172.17.0.2:5353" }, stream);
  const answer = await stream.bytes();
  expect(Array.from(answer.subarray(0, 2))).toEqual([0x12, 0x34]);
  const code = (answer[3] ?? 0) & 0xf;
  return answer[7] === 1 ? { code, address: answer.subarray(-4).join(".") } : { code };
}

async function get(host: string, request = "GET / HTTP/1.1"): Promise<string> {
  const stream = new FakeStream([encodeText(`${request}\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)]);
  const address = { peer: "172.17.0.2:40000", local: "198.18.0.1:80" };
  internet.serve({ kind: "accept", listener: "http", ...address }, stream);
  return stream.text();
}

describe("SandboxInternet", () => {
  it.each(["example.com", "WWW.Example.Org", "echo.drydock.internal", "hub.drydock.internal"])(
    "knows where %s is",
    async name => {
      expect(await resolve(name)).toEqual({ code: 0, address: "198.18.0.1" });
    },
  );

  it("has no IPv6 address for a host that exists", async () => {
    expect(await resolve("example.com", 28)).toEqual({ code: 0 });
  });

  it.each(["nosuch.example.com", "example", "docker.io"])("says that there is no %s", async name => {
    expect(await resolve(name)).toEqual({ code: 3 });
  });

  it("has a page at example.com, and only that", async () => {
    expect(await get("example.com")).toMatch(
      /^HTTP\/1\.1 200 OK\r\nContent-Type: text\/html; charset=utf-8\r\n[^]*<title>Example<\/title>/,
    );
    expect(await get("example.com", "GET /other HTTP/1.1")).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
    expect(await get("example.com", "DELETE / HTTP/1.1")).toMatch(/^HTTP\/1\.1 405 Method Not Allowed\r\n/);
  });

  it("lists its hosts at drydock.internal", async () => {
    expect(await get("drydock.internal")).toContain("echo.drydock.internal");
  });

  it("echoes a request", async () => {
    const stream = new FakeStream([
      encodeText(
        "POST /a/b?x=1&y=%20z HTTP/1.1\r\nHost: echo.drydock.internal\r\nX-Test: 7\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi",
      ),
    ]);
    internet.serve({ kind: "accept", listener: "http", peer: "", local: "" }, stream);
    const [, json = ""] = (await stream.text()).split("\r\n\r\n");
    expect(JSON.parse(json)).toEqual({
      method: "POST",
      path: "/a/b",
      query: { x: "1", y: " z" },
      headers: {
        host: "echo.drydock.internal",
        "x-test": "7",
        "content-length": "2",
        connection: "close",
      },
      body: "hi",
    });
  });

  it("refuses a listener that nobody serves", async () => {
    const stream = new FakeStream([]);
    internet.serve({ kind: "accept", listener: "smtp", peer: "", local: "" }, stream);
    expect(await stream.closed).toMatchObject({ how: "reset", error: { code: "ECONNREFUSED" } });
  });
});
