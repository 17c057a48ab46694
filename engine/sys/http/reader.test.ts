import { describe, expect, it } from "vitest";
import { fakeSys } from "../fake/sys.ts";
import type { BodyFraming } from "./message.ts";
import { type Body, HttpReader } from "./reader.ts";

/** A reader of what arrives in these pieces; a piece that is not followed by others ends the connection. */
function readerOf(pieces: readonly string[], size?: number): HttpReader {
  const { sockets, bytes } = fakeSys();
  const [ours, theirs] = sockets.pair();
  const send = async (): Promise<void> => {
    for (const piece of pieces) await theirs.write(piece);
    theirs.closeWrite();
  };
  void send();
  return new HttpReader(ours, bytes, size);
}

async function textOf(body: Body): Promise<string> {
  let text = "";
  for (let piece = await body.read(); piece; piece = await body.read())
    text += new TextDecoder().decode(piece);
  return text;
}

const bodyOf = (pieces: readonly string[], framing: BodyFraming, size?: number): Promise<string> =>
  textOf(readerOf(pieces, size).body(framing));

describe("heads", () => {
  const head = "GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n";

  it("are read wherever they are cut", async () => {
    for (let cut = 1; cut < head.length; cut++) {
      const reader = readerOf([head.slice(0, cut), head.slice(cut)]);
      expect(await reader.head()).toEqual([head.length, "GET /_ping HTTP/1.1", "host", "docker"]);
      expect(await reader.head()).toBeNull();
    }
  });

  it("may come several at a time", async () => {
    const reader = readerOf([head + head.replace("_ping", "info") + head]);
    const lines = [await reader.head(), await reader.head(), await reader.head()].map(found => found?.[1]);
    expect(lines).toEqual(["GET /_ping HTTP/1.1", "GET /info HTTP/1.1", "GET /_ping HTTP/1.1"]);
  });

  it("may be larger than the buffer", async () => {
    const long = `GET / HTTP/1.1\r\nX-Long: ${"x".repeat(5000)}\r\n\r\n`;
    expect((await readerOf([long, "rest"], 16).head())?.[0]).toBe(long.length);
  });

  it("are refused above 64 KiB, complete or not", async () => {
    const long = `GET / HTTP/1.1\r\nX-Long: ${"x".repeat(200_000)}`;
    await expect(readerOf([long]).head()).rejects.toThrow(RangeError);
    await expect(readerOf([`${long}\r\n\r\n`]).head()).rejects.toThrow(RangeError);
  });

  it("are refused where a line is no field", async () => {
    await expect(readerOf(["GET / HTTP/1.1\r\nno colon\r\n\r\n"]).head()).rejects.toThrow(SyntaxError);
    await expect(readerOf(["GET / HTTP/1.1\r\nHost : h\r\n\r\n"]).head()).rejects.toThrow(SyntaxError);
    await expect(readerOf(["GET / HTTP/1.1\r\n: h\r\n\r\n"]).head()).rejects.toThrow(SyntaxError);
  });

  it("fail where the connection ends in the middle", async () => {
    await expect(readerOf(["GET / HT"]).head()).rejects.toThrow("unexpected EOF");
    expect(await readerOf([]).head()).toBeNull();
  });
});

describe("bodies of a known length", () => {
  it("leave what follows alone", async () => {
    const reader = readerOf(["hel", "loGET / HTTP/1.1\r\n\r\n"]);
    expect(await textOf(reader.body({ length: 5 }))).toBe("hello");
    expect((await reader.head())?.[1]).toBe("GET / HTTP/1.1");
  });

  it("may be empty, or larger than the buffer", async () => {
    expect(await bodyOf(["x"], { length: 0 })).toBe("");
    const long = "0123456789".repeat(1000);
    expect(await bodyOf([long, "rest"], { length: long.length }, 64)).toBe(long);
  });

  it("fail where they are cut off", async () => {
    await expect(bodyOf(["hell"], { length: 5 })).rejects.toThrow("unexpected EOF");
  });

  it("tell once more that they have ended", async () => {
    const body = readerOf(["hi"]).body({ length: 2 });
    await body.read();
    expect(await body.read()).toBeNull();
    expect(await body.read()).toBeNull();
  });
});

describe("bodies until the end of the connection", () => {
  it("take everything", async () => {
    expect(await bodyOf(["a", "b", "c"], "until-close")).toBe("abc");
    expect(await bodyOf([], "until-close")).toBe("");
  });
});

describe("chunked bodies", () => {
  const wire = '5\r\nhello\r\n7;name="x"\r\n, world\r\n00A\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n';

  it("are read wherever they are cut, and leave what follows alone", async () => {
    for (let cut = 1; cut < wire.length; cut++) {
      const reader = readerOf([wire.slice(0, cut), `${wire.slice(cut)}GET / HTTP/1.1\r\n\r\n`]);
      expect(await textOf(reader.body("chunked"))).toBe("hello, world0123456789");
      expect((await reader.head())?.[1]).toBe("GET / HTTP/1.1");
    }
  });

  it("are read byte by byte", async () => {
    expect(await bodyOf(wire.split(""), "chunked")).toBe("hello, world0123456789");
  });

  it("may have chunks that are larger than the buffer", async () => {
    const long = "abc".repeat(3000);
    expect(await bodyOf([`${long.length.toString(16)}\r\n${long}\r\n0\r\n\r\n`], "chunked", 32)).toBe(long);
  });

  it.each([
    "x\r\n",
    "-5\r\n",
    "\r\n",
    "5x\r\nhello\r\n0\r\n\r\n",
    "0x5\r\nhello\r\n0\r\n\r\n",
    "ffffffffffffffff\r\n",
  ])("refuse the size in %j", async text => {
    await expect(bodyOf([text], "chunked")).rejects.toThrow(SyntaxError);
  });

  it("refuse a chunk that is longer than it said", async () => {
    await expect(bodyOf(["5\r\nhello, world\r\n0\r\n\r\n"], "chunked")).rejects.toThrow(SyntaxError);
  });

  it.each(["5\r\nhel", "5\r\nhello", "5\r\nhello\r\n", "5\r\nhello\r\n0\r\n", "5"])(
    "fail where they are cut off after %j",
    async text => {
      await expect(bodyOf([text], "chunked")).rejects.toThrow("unexpected EOF");
    },
  );

  it("refuse a line without end", async () => {
    await expect(bodyOf(["1".repeat(300_000)], "chunked")).rejects.toThrow(RangeError);
  });
});

describe("leftover", () => {
  it("is what came behind the last message", async () => {
    const reader = readerOf(["POST / HTTP/1.1\r\n\r\nraw stream"]);
    await reader.head();
    expect(new TextDecoder().decode(reader.leftover())).toBe("raw stream");
  });
});
