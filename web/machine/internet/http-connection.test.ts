import { describe, expect, it } from "vitest";
import { BytePipe } from "../../protocol/byte-pipe.ts";
import { decodeText, encodeText } from "../../protocol/text.ts";
import { FakeStream } from "./fake-stream.ts";
import { HttpConnection, plain } from "./http-connection.ts";
import { LARGEST_BODY } from "./http-request.ts";
import type { Site } from "./site.ts";

const told: Site = async ({ method, path, query, body }) =>
  plain(200, `${method} ${path} ${query} ${decodeText(body)}`);

const sites = new Map<string, Site>([
  ["told", told],
  ["broken", () => Promise.reject(new Error("no such file"))],
]);

async function answers(...says: readonly string[]): Promise<string> {
  const stream = new FakeStream(says.map(text => encodeText(text)));
  await new HttpConnection(new BytePipe(stream), host => sites.get(host)).serve();
  return stream.text();
}

const bodies = (text: string): string[] =>
  Array.from(text.matchAll(/\r\n\r\n([^]*?)(?=HTTP\/1\.1 |$)/g), ([, body = ""]) => body);

describe("HttpConnection", () => {
  it("answers with a head and a body of known length", async () => {
    expect(await answers("GET /a?b=c HTTP/1.1\r\nHost: told:80\r\n\r\n")).toBe(
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 11\r\nConnection: keep-alive\r\n\r\nGET /a b=c ",
    );
  });

  it("leaves the body out for HEAD, but not its length", async () => {
    const answer = await answers("HEAD / HTTP/1.1\r\nHost: told\r\n\r\n");
    expect(answer).toContain("Content-Length: 8\r\n");
    expect(bodies(answer)).toEqual([""]);
  });

  it("answers several requests, wherever the pieces of the connection are cut", async () => {
    const text =
      "POST /1 HTTP/1.1\r\nHost: told\r\nContent-Length: 5\r\n\r\nGruß" +
      "GET /2 HTTP/1.1\r\nHost: told\r\n\r\n";
    const whole = bodies(await answers(text));
    expect(whole).toEqual(["POST /1  Gruß", "GET /2  "]);
    const bytes = encodeText(text);
    const stream = new FakeStream(Array.from(bytes, byte => Uint8Array.of(byte)));
    await new HttpConnection(new BytePipe(stream), host => sites.get(host)).serve();
    expect(bodies(await stream.text())).toEqual(whole);
  });

  it("reads a body in chunks, with extensions and trailers", async () => {
    const answer = await answers(
      "PUT / HTTP/1.1\r\nHost: told\r\nTransfer-Encoding: chunked\r\n\r\n",
      "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nDigest: x\r\n\r\n",
      "GET /next HTTP/1.1\r\nHost: told\r\n\r\n",
    );
    expect(bodies(answer)).toEqual(["PUT /  abcde", "GET /next  "]);
  });

  it("tells a client that waits for it to send its body", async () => {
    const answer = await answers(
      "PUT / HTTP/1.1\r\nHost: told\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok",
    );
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
  });

  it.each([
    ["HTTP/1.1\r\nConnection: close", "close"],
    ["HTTP/1.0", "close"],
    ["HTTP/1.0\r\nConnection: Keep-Alive", "keep-alive"],
  ])("ends or keeps the connection after %j", async (protocol, connection) => {
    const request = `GET / ${protocol}\r\nHost: told\r\n\r\n`;
    const answer = await answers(request, request);
    expect(answer).toContain(`Connection: ${connection}\r\n`);
    expect(bodies(answer)).toHaveLength(connection === "close" ? 1 : 2);
  });

  it.each([
    ["nonsense\r\n\r\n", 400, "not a request: nonsense\n"],
    ["PUT / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400, "not a length: x\n"],
    ["PUT / HTTP/1.1\r\nContent-Length: 9\r\n\r\nshort", 400, "the body ends too early\n"],
    ["PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n", 400, "not a length: z\n"],
    [
      `PUT / HTTP/1.1\r\nContent-Length: ${LARGEST_BODY + 1}\r\n\r\n`,
      413,
      "a request may carry 1048576 bytes here\n",
    ],
  ])("answers %j with %i and ends the connection", async (text, status, body) => {
    const answer = await answers(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*Connection: close\r\n`));
    expect(bodies(answer)).toEqual([body]);
  });

  it.each([
    ["broken", "cannot get that: Error: no such file\n"],
    ["nobody", "no host called nobody exists in the sandbox internet\n"],
  ])("answers for host %s with 502", async (host, body) => {
    const answer = await answers(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/);
    expect(bodies(answer)).toEqual([body]);
  });
});
