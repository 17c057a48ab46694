import { describe, expect, it } from "vitest";
import type { FakeConnection } from "../fake/connection.ts";
import { fakeSys } from "../fake/sys.ts";
import { exchange, type HttpRequest } from "./client.ts";

const sys = fakeSys();

/** Our end of a connection whose other end answers with `text` once it has read something, and then hangs up. */
function answering(text: string): { ours: FakeConnection; request: Promise<string> } {
  const [ours, theirs] = sys.sockets.pair();
  const serve = async (): Promise<string> => {
    const buffer = new Uint8Array(65536);
    const length = await theirs.read(buffer);
    await theirs.write(text);
    theirs.closeWrite();
    let request = new TextDecoder().decode(buffer.subarray(0, length));
    for (let more = await theirs.read(buffer); more > 0; more = await theirs.read(buffer))
      request += new TextDecoder().decode(buffer.subarray(0, more));
    return request;
  };
  return { ours, request: serve() };
}

const get: HttpRequest = { method: "GET", target: "/v2/", host: "hub" };

describe("exchange", () => {
  it("sends a request and reads the answer", async () => {
    const { ours, request } = answering("HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 5\r\n\r\nhello");
    const response = await exchange(ours, sys.bytes, { ...get, headers: [["Accept", "x"]] });
    expect(response.status).toBe(200);
    expect(response.headers.get("x-a")).toBe("1");
    expect(await response.text()).toBe("hello");
    expect(await request).toBe("GET /v2/ HTTP/1.1\r\nHost: hub\r\nAccept: x\r\n\r\n");
  });

  it("counts the bytes of a text", async () => {
    const { ours, request } = answering("HTTP/1.1 204 No Content\r\n\r\n");
    const response = await exchange(ours, sys.bytes, { ...get, method: "POST", body: '{"ü":1}' });
    expect(await response.text()).toBe("");
    expect(await request).toContain('Content-Length: 8\r\n\r\n{"ü":1}');
  });

  it("sends pieces as chunks", async () => {
    async function* pieces(): AsyncGenerator<Uint8Array> {
      yield sys.bytes.encode("one");
      yield new Uint8Array();
      yield sys.bytes.encode("three");
    }
    const { ours, request } = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    await (await exchange(ours, sys.bytes, { ...get, method: "PUT", body: pieces() })).text();
    expect(await request).toContain("Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n5\r\nthree\r\n0\r\n\r\n");
  });

  it("throws why a body can't be made, and tells the server by hanging up", async () => {
    const [ours, theirs] = sys.sockets.pair();
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield sys.bytes.encode("one");
      throw new Error("the disk is gone");
    }
    const pending = exchange(ours, sys.bytes, { ...get, method: "PUT", body: broken() });
    await expect(pending).rejects.toThrow("the disk is gone");
    const buffer = new Uint8Array(65536);
    let request = "";
    for (let length = await theirs.read(buffer); length > 0; length = await theirs.read(buffer))
      request += new TextDecoder().decode(buffer.subarray(0, length));
    expect(request).toMatch(/\r\n\r\n3\r\none\r\n$/); // without the chunk that ends a body
  });

  it("takes an answer that comes before the request was sent", async () => {
    const [ours, theirs] = sys.sockets.pair();
    theirs.stream.incoming.capacity = 1;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield sys.bytes.encode("more");
    }
    const pending = exchange(ours, sys.bytes, { ...get, method: "POST", body: endless() });
    const buffer = new Uint8Array(1000);
    await theirs.read(buffer);
    await theirs.write("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nno!");
    const response = await pending;
    theirs.close();
    expect(response.status).toBe(413);
    expect(await response.text()).toBe("no!");
  });

  it("passes over interim answers", async () => {
    const { ours } = answering(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n",
    );
    expect((await exchange(ours, sys.bytes, get)).status).toBe(201);
  });

  it("reads until the connection's end where no length is known", async () => {
    const { ours } = answering("HTTP/1.0 200 OK\r\n\r\nall of it");
    expect(await (await exchange(ours, sys.bytes, get)).text()).toBe("all of it");
  });

  it("knows that an answer to HEAD has no body", async () => {
    const { ours } = answering("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
    expect(await (await exchange(ours, sys.bytes, { ...get, method: "HEAD" })).text()).toBe("");
  });

  it("fails where the server hangs up without an answer, and closes", async () => {
    const { ours } = answering("");
    await expect(exchange(ours, sys.bytes, get)).rejects.toThrow("EOF");
    expect(ours.fd).toBe(-1);
  });

  it("closes where the answer is not HTTP", async () => {
    const { ours } = answering("220 mail ready\r\nnot a field\r\n\r\n");
    await expect(exchange(ours, sys.bytes, get)).rejects.toThrow("malformed");
    expect(ours.fd).toBe(-1);
  });

  it("closes where the body is cut off", async () => {
    const { ours } = answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    const response = await exchange(ours, sys.bytes, get);
    await expect(response.text()).rejects.toThrow("unexpected EOF");
    expect(ours.fd).toBe(-1);
  });

  it("hands over an upgraded connection with what has come on it", async () => {
    const { ours } = answering("HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\nearly");
    const { connection, early } = (await exchange(ours, sys.bytes, get)).upgrade();
    expect(connection).toBe(ours);
    expect(sys.bytes.decode(early)).toBe("early");
  });
});
