import { describe, expect, it } from "vitest";
import { isIpAddress, isIpv4, isIpv6 } from "./ip-address.ts";

describe("IP addresses", () => {
  it.each([
    "0.0.0.0",
    "255.255.255.255",
    "::",
    "::1",
    "1::",
    "fe80::1:2",
    "1:2:3:4:5:6:7:8",
    "::ffff:1.2.3.4",
  ])("%s is one", text => expect(isIpAddress(text)).toBe(true));
  it.each([
    "",
    "1.2.3",
    "1.2.3.4.5",
    "256.1.1.1",
    "01.2.3.4",
    ":",
    ":::",
    "1::2::3",
    "12345::",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7::8",
    "1.2.3.4::",
    "fe80::1%eth0",
    "[::1]",
  ])("%s is none", text => expect(isIpAddress(text)).toBe(false));
  it("tells the versions apart", () => {
    expect([isIpv4("1.2.3.4"), isIpv6("1.2.3.4")]).toEqual([true, false]);
    expect([isIpv4("::1"), isIpv6("::1")]).toEqual([false, true]);
  });
});
