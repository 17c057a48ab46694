import { describe, expect, it } from "vitest";
import { BytePipe } from "../protocol/byte-pipe.ts";
import { LinkError } from "../protocol/link-error.ts";
import { decodeText, encodeText } from "../protocol/text.ts";
import { exchange } from "./exchange.ts";
import { FakeConnection } from "./fake-connection.ts";
import type { RequestHead } from "./head.ts";

const GET: RequestHead = { method: "GET", target: "/", headers: [["Host", "localhost:8080"]] };

async function* bodyOf(...pieces: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield encodeText(piece);
}

/** What comes of an answer that arrives in `pieces`, after which the server closes. */
async function answerTo(request: RequestHead, pieces: readonly string[]) {
  const connection = new FakeConnection();
  const answer = exchange(new BytePipe(connection), request, undefined);
  for (const piece of pieces) connection.say(encodeText(piece));
  connection.endFromGuest();
  const { head, body } = await answer;
  let text = "";
  for await (const bytes of body) text += decodeText(bytes);
  return { status: head.status, text };
}

describe("an exchange", () => {
  it("sends head and body", async () => {
    const connection = new FakeConnection();
    const request: RequestHead = { method: "POST", target: "/f?a=b", headers: [["Content-Length", "3"]] };
    const answer = exchange(new BytePipe(connection), request, bodyOf("ab", "c"));
    connection.say(encodeText("HTTP/1.1 204 No Content\r\n\r\n"));
    expect((await answer).head).toEqual({ status: 204, reason: "No Content", headers: [] });
    expect(connection.sent).toBe("POST /f?a=b HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc");
  });

  it.each([
    ["a length", ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe", "llo and more"], "hello"],
    ["the end of the connection", ["HTTP/1.0 200 OK\r\n\r\nhel", "lo"], "hello"],
    [
      "chunks",
      [
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r",
        "\n3;x=y\r\nllo\r\n0\r\nA: b\r\n\r\n",
      ],
      "hello",
    ],
    ["nothing", ["HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"], ""],
    ["bare newlines", ["HTTP/1.0 200 OK\nA: b\n\nhello"], "hello"],
    [
      "an interim answer",
      ["HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "hello"],
      "hello",
    ],
  ])("reads a body delimited by %s", async (_what, pieces, expected) => {
    expect((await answerTo(GET, pieces)).text).toBe(expected);
  });

  it("expects no body after HEAD", async () => {
    const pieces = ["HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"];
    expect(await answerTo({ ...GET, method: "HEAD" }, pieces)).toEqual({ status: 200, text: "" });
  });

  it.each([
    ["closed", []],
    ["malformed", ["SSH-2.0-OpenSSH\r\n\r\n"]],
    ["malformed", ["HTTP/1.1 200 OK\r\nContent-Le"]],
    ["malformed", ["HTTP/1.1 200 OK\r\nno field\r\n\r\n"]],
    ["malformed", ["HTTP/1.1 101 Switching Protocols\r\n\r\n"]],
    ["malformed", ["HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\n"]],
    ["malformed", ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfive\r\n"]],
    ["malformed", ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"]],
    ["too-large", [`HTTP/1.1 200 OK\r\nA: ${"b".repeat(70_000)}\r\n\r\n`]],
    ["incomplete", ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"]],
    ["incomplete", ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"]],
  ])("fails with %s on %j", async (kind, pieces) => {
    await expect(answerTo(GET, pieces)).rejects.toMatchObject({ kind });
  });

  it("tells why a connection was refused", async () => {
    const connection = new FakeConnection();
    const answer = exchange(new BytePipe(connection), GET, undefined);
    connection.reset(new LinkError("ECONNREFUSED", "connect: Connection refused"));
    await expect(answer).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  it.each([
    { ...GET, method: "GET / HTTP/1.1\r\nA:" },
    { ...GET, target: "http://elsewhere/" },
    { ...GET, target: "/ HTTP/1.1" },
    { ...GET, headers: [["A", "b\r\nC: d"]] as const },
  ])("sends no head that holds another: %j", async request => {
    const connection = new FakeConnection();
    await expect(exchange(new BytePipe(connection), request, undefined)).rejects.toThrow(TypeError);
    expect(connection.sent).toBe("");
  });
});
