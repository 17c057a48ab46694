import { describe, expect, test } from "vitest";
import {
  addressAfter,
  formatIpAddress,
  formatIpPrefix,
  isLoopback,
  lastAddress,
  maskedPrefix,
  parseIpAddress,
  parseIpPrefix,
  prefixContains,
  prefixesOverlap,
  type IpAddress,
  type IpPrefix,
} from "./ip-prefix.ts";

function address(text: string): IpAddress {
  const parsed = parseIpAddress(text);
  if (!parsed) throw new Error(`not an address: ${text}`);
  return parsed;
}

function prefix(text: string): IpPrefix {
  const parsed = parseIpPrefix(text);
  if (!parsed) throw new Error(`not a prefix: ${text}`);
  return parsed;
}

describe("addresses", () => {
  test.each([
    ["0.0.0.0", "0.0.0.0"],
    ["172.17.0.2", "172.17.0.2"],
    ["255.255.255.255", "255.255.255.255"],
    ["::", "::"],
    ["::1", "::1"],
    ["fd00:0:0:1::5", "fd00:0:0:1::5"],
    ["2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"],
    ["2001:db8::", "2001:db8::"],
    ["::ffff:10.0.0.1", "::ffff:a00:1"],
  ])("%s is written %s", (text, written) => {
    expect(formatIpAddress(address(text))).toBe(written);
  });

  test.each(["", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "::1::2", "fe80::1%eth0", "g::"])(
    "%j is none",
    text => expect(parseIpAddress(text)).toBeUndefined(),
  );

  test("follow one another", () => {
    expect(formatIpAddress(addressAfter(address("10.0.0.255"), 1n))).toBe("10.0.1.0");
    expect(formatIpAddress(addressAfter(address("fd00::ffff"), 1n))).toBe("fd00::1:0");
  });

  test("of the loopback", () => {
    expect(["127.0.0.53", "::1"].map(text => isLoopback(address(text)))).toEqual([true, true]);
    expect(["128.0.0.1", "::2"].map(text => isLoopback(address(text)))).toEqual([false, false]);
  });
});

describe("prefixes", () => {
  test("keep their host bits until they are masked", () => {
    expect(formatIpPrefix(prefix("172.17.5.9/16"))).toBe("172.17.5.9/16");
    expect(formatIpPrefix(maskedPrefix(prefix("172.17.5.9/16")))).toBe("172.17.0.0/16");
    expect(formatIpPrefix(maskedPrefix(prefix("fd00:1:2::7/48")))).toBe("fd00:1:2::/48");
  });

  test.each(["10.0.0.0", "10.0.0.0/33", "10.0.0.0/08", "10.0.0/8", "fd00::/129", "10.0.0.0/-1", "/8"])(
    "%j is none",
    text => expect(parseIpPrefix(text)).toBeUndefined(),
  );

  test("end with their last address", () => {
    expect(formatIpAddress(lastAddress(prefix("172.18.0.0/16")))).toBe("172.18.255.255");
    expect(formatIpAddress(lastAddress(prefix("10.0.0.0/31")))).toBe("10.0.0.1");
  });

  test("contain addresses of their own family", () => {
    expect(prefixContains(prefix("10.1.0.0/16"), address("10.1.255.255"))).toBe(true);
    expect(prefixContains(prefix("10.1.0.0/16"), address("10.2.0.0"))).toBe(false);
    expect(prefixContains(prefix("0.0.0.0/0"), address("8.8.8.8"))).toBe(true);
    expect(prefixContains(prefix("0.0.0.0/0"), address("::1"))).toBe(false);
  });

  test("overlap where one contains the other", () => {
    expect(prefixesOverlap(prefix("10.0.0.0/8"), prefix("10.9.0.0/16"))).toBe(true);
    expect(prefixesOverlap(prefix("10.9.0.0/16"), prefix("10.0.0.0/8"))).toBe(true);
    expect(prefixesOverlap(prefix("10.9.0.0/16"), prefix("10.8.0.0/16"))).toBe(false);
    expect(prefixesOverlap(prefix("::/0"), prefix("10.8.0.0/16"))).toBe(false);
  });
});
