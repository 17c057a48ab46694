import { beforeEach, describe, expect, it } from "vitest";
import { type FakeSys, fakeSys } from "./fake/sys.ts";
import { Resolver } from "./resolver.ts";

const NO_ERROR = 0;
const SERVER_FAILURE = 2;
const NO_SUCH_NAME = 3;

let sys: FakeSys;

beforeEach(() => {
  sys = fakeSys();
  sys.files.seed({
    "/etc/hosts": "127.0.0.1\tlocalhost\n::1 six\n10.0.0.9  hub hub.local # the registry\n",
    "/etc/resolv.conf": "search local\nnameserver 10.0.2.3\nnameserver 10.0.2.4 # another\n",
  });
});

const resolve = (host: string): Promise<string> => new Resolver(sys).resolve(host);

/** An answer (RFC 1035, section 4.1) with these records: type and data. */
function answer(
  code: number,
  records: readonly (readonly [type: number, data: readonly number[]])[] = [],
): Uint8Array {
  const question = [3, 104, 117, 98, 3, 99, 111, 109, 0, 0, 1, 0, 1]; // hub.com, A, IN
  const answers = records.flatMap(([type, data]) => [
    0xc0,
    12,
    0,
    type,
    0,
    1,
    0,
    0,
    0,
    60,
    0,
    data.length,
    ...data,
  ]);
  return Uint8Array.from([
    0,
    1,
    0x81,
    0x80 | code,
    0,
    1,
    0,
    records.length,
    0,
    0,
    0,
    0,
    ...question,
    ...answers,
  ]);
}

describe("Resolver", () => {
  it("takes an address for itself", async () => {
    expect(await resolve("192.168.1.1")).toBe("192.168.1.1");
  });

  it("looks into /etc/hosts first", async () => {
    expect(await resolve("hub.local")).toBe("10.0.0.9");
    expect(await resolve("localhost")).toBe("127.0.0.1");
  });

  it("asks for the name, in the wire's form", async () => {
    let asked: [string, number, string] | undefined;
    sys.sockets.onQuery = (address, port, query) => {
      asked = [address, port, new TextDecoder("latin1").decode(query.subarray(12))];
      return answer(NO_ERROR, [[1, [10, 1, 2, 3]]]);
    };
    expect(await resolve("hub.com")).toBe("10.1.2.3");
    expect(asked).toEqual(["10.0.2.3", 53, "\x03hub\x03com\x00\x00\x01\x00\x01"]);
  });

  it("takes the first address behind other records", async () => {
    const alias = [1, 97, 0xc0, 12];
    sys.sockets.onQuery = () =>
      answer(NO_ERROR, [
        [5, alias],
        [1, [10, 0, 0, 1]],
        [1, [10, 0, 0, 2]],
      ]);
    expect(await resolve("hub.com")).toBe("10.0.0.1");
  });

  it("asks the next server where one is silent or fails", async () => {
    const asked: string[] = [];
    sys.sockets.onQuery = address => {
      asked.push(address);
      return address === "10.0.2.3" ? null : answer(NO_ERROR, [[1, [10, 0, 0, 1]]]);
    };
    expect(await resolve("hub.com")).toBe("10.0.0.1");
    sys.sockets.onQuery = address =>
      address === "10.0.2.3" ? answer(SERVER_FAILURE) : answer(NO_ERROR, [[1, [10, 0, 0, 2]]]);
    expect(await resolve("hub.com")).toBe("10.0.0.2");
    expect(asked).toEqual(["10.0.2.3", "10.0.2.4"]);
  });

  it.each([
    ["no such name", () => answer(NO_SUCH_NAME), "lookup hub.com on 10.0.2.3:53: no such host"],
    ["no address", () => answer(NO_ERROR), "lookup hub.com on 10.0.2.3:53: no such host"],
    ["silence", () => null, "lookup hub.com on 10.0.2.3:53: i/o timeout"],
    ["failures", () => answer(SERVER_FAILURE), "lookup hub.com on 10.0.2.3:53: server misbehaving"],
    ["a cut answer", () => answer(NO_ERROR, [[1, [10, 0, 0, 1]]]).subarray(0, 30), "server misbehaving"],
    ["an empty answer", () => new Uint8Array(), "server misbehaving"],
  ])("says what Go says about %s", async (_, answering, message) => {
    sys.sockets.onQuery = answering;
    await expect(resolve("hub.com")).rejects.toThrow(message);
  });

  it("refuses a name that no query can hold", async () => {
    await expect(resolve(`${"x".repeat(64)}.com`)).rejects.toThrow("no such host");
  });

  it("says that nobody answers where there is no server", async () => {
    sys.files.removeFile("/etc/resolv.conf");
    await expect(resolve("hub.com")).rejects.toThrow("lookup hub.com");
  });
});
