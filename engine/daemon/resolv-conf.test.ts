import { describe, expect, it } from "vitest";
import {
  parseResolvConf,
  renderResolvConf,
  type ResolverKind,
  type ResolverOverrides,
} from "./resolv-conf.ts";

const HOST =
  "# a comment\nnameserver 127.0.0.53\nnameserver 10.0.0.2\ndomain old\nsearch a b\noptions edns0\n";
const NOTHING: ResolverOverrides = { servers: [], search: [], options: [] };

function lines(kind: ResolverKind, changes: Partial<ResolverOverrides> = {}, host = HOST): string[] {
  const text = renderResolvConf(parseResolvConf(host), { ...NOTHING, ...changes }, kind);
  return text.split("\n").slice(4, -1);
}

describe("a container's resolv.conf", () => {
  it("has what the host has, in the host's own network", () => {
    expect(lines("host")).toEqual([
      "nameserver 127.0.0.53",
      "nameserver 10.0.0.2",
      "search a b",
      "options edns0",
      "",
      "# Based on host file: '/etc/resolv.conf'",
      "# Overrides: []",
    ]);
  });

  it("leaves servers out that a container cannot reach", () => {
    expect(lines("legacy")[0]).toBe("nameserver 10.0.0.2");
    expect(lines("legacy")).toContain("# Based on host file: '/etc/resolv.conf' (legacy)");
  });

  it("has public servers where none can be reached", () => {
    expect(lines("legacy", {}, "nameserver ::1\n")).toEqual([
      "nameserver 8.8.8.8",
      "nameserver 8.8.4.4",
      "",
      "# Based on host file: '/etc/resolv.conf' (legacy)",
      "# Used default nameservers.",
      "# Overrides: []",
    ]);
  });

  it("has the engine's own server where names are to be known", () => {
    expect(lines("internal")).toEqual([
      "nameserver 127.0.0.11",
      "search a b",
      "options edns0 ndots:0",
      "",
      "# Based on host file: '/etc/resolv.conf' (internal resolver)",
      "# ExtServers: [host(127.0.0.53) host(10.0.0.2)]",
      "# Overrides: []",
      "# Option ndots from: internal",
    ]);
  });

  it("has what the container says itself", () => {
    const own = { servers: ["127.0.0.1"], search: ["."], options: ["ndots:3"] };
    expect(lines("legacy", own)).toEqual([
      "nameserver 127.0.0.1",
      "options ndots:3",
      "",
      "# Based on host file: '/etc/resolv.conf' (legacy)",
      "# Overrides: [nameservers search options]",
      "# Option ndots from: override",
    ]);
    expect(lines("internal", own)).toContain("# ExtServers: [127.0.0.1]");
  });

  it("tells of servers that are none, and keeps lines of other kinds", () => {
    const host = "nameserver nonsense\nsortlist 10.0.0.0\n";
    expect(lines("plain", {}, host)).toEqual([
      "sortlist 10.0.0.0",
      "",
      "# Based on host file: '/etc/resolv.conf'",
      "# Invalid nameservers: [nonsense]",
      "# Overrides: []",
    ]);
  });
});
