import { describe, expect, it } from "vitest";
import { FakeBytes } from "../sys/fake/bytes.ts";
import { fakeSys } from "../sys/fake/sys.ts";
import { dnsQuery } from "../testing/dns-query.ts";
import {
  answerAddresses,
  answerCode,
  answerName,
  parseQuestion,
  type Question,
  RecordType,
  ResponseCode,
  reversedAddress,
} from "./dns-message.ts";

const bytes = new FakeBytes(fakeSys().files);

function question(query: Uint8Array): Question {
  const found = parseQuestion(query, bytes);
  if (!found) throw new Error("it is no query");
  return found;
}

describe("a query", () => {
  it("is read with its name and type", () => {
    const query = dnsQuery("web.example", RecordType.AAAA);
    expect(question(query)).toEqual({ name: "web.example", type: 28, end: query.length });
  });

  it.each<[string, (query: Uint8Array) => Uint8Array]>([
    ["is cut off", query => query.subarray(0, query.length - 1)],
    ["has no more than half a header", query => query.subarray(0, 6)],
    ["is an answer", query => query.with(2, 0x80)],
    ["is no standard query", query => query.with(2, 0x08)],
    ["asks nothing", query => query.with(5, 0)],
    ["asks for another class", query => query.with(query.length - 1, 3)],
    ["has a label that is too long", query => query.with(12, 200)],
  ])("is not answered where it %s", (_, spoil) => {
    expect(parseQuestion(spoil(dnsQuery("web", RecordType.A)), bytes)).toBeNull();
  });
});

describe("an answer", () => {
  it("repeats number and question, and holds the addresses", () => {
    const query = dnsQuery("web", RecordType.A);
    const answer = answerAddresses(query, question(query), ["172.18.0.2", "172.18.0.3"]);
    expect([...answer.subarray(0, 12)]).toEqual([0x12, 0x34, 0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 0]);
    expect(answer.subarray(12, query.length)).toEqual(query.subarray(12));
    const record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 2, 88, 0, 4];
    expect([...answer.subarray(query.length)]).toEqual([...record, 172, 18, 0, 2, ...record, 172, 18, 0, 3]);
  });

  it("may hold IPv6, or nothing", () => {
    const query = dnsQuery("web", RecordType.AAAA);
    const answer = answerAddresses(query, question(query), ["fd00::2"]);
    expect([...answer.subarray(-16)]).toEqual([0xfd, ...Array.from({ length: 14 }, () => 0), 2]);
    expect(answerAddresses(query, question(query), [])[7]).toBe(0);
  });

  it("may be a name", () => {
    const query = dnsQuery("2.0.18.172.in-addr.arpa", RecordType.PTR);
    const answer = answerName(query, question(query), "web.net", bytes);
    expect([...answer.subarray(-9)]).toEqual([3, 119, 101, 98, 3, 110, 101, 116, 0]);
  });

  it("may tell of a failure", () => {
    const query = dnsQuery("web", RecordType.A);
    expect(answerCode(query, question(query), ResponseCode.serverFailure)[3]).toBe(0x82);
  });
});

describe("a reverse look-up", () => {
  it.each([
    ["2.0.18.172.in-addr.arpa", "172.18.0.2"],
    ["2.0.18.in-addr.arpa", null],
    [`2.${"0.".repeat(29)}d.f.IP6.ARPA`, "fd00::2"],
    ["2.0.ip6.arpa", null],
    ["web.example", null],
  ])("of %s is of %s", (name, address) => {
    expect(reversedAddress(name)).toBe(address);
  });
});
