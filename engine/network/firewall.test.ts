import { beforeEach, describe, expect, it } from "vitest";
import { type FakeSys, fakeSys } from "../sys/fake/sys.ts";
import { FakeIptables } from "../testing/fake-iptables.ts";
import { Firewall } from "./firewall.ts";
import { openTables } from "./iptables.ts";
import type { Rule } from "./rules.ts";

function rule(spec: string): Rule {
  return { family: 4, table: "nat", chain: "DOCKER", spec, at: "end" };
}

describe("the firewall", () => {
  let sys: FakeSys;
  let tables: FakeIptables;
  let warnings: string[];
  let firewall: Firewall;

  beforeEach(() => {
    sys = fakeSys();
    tables = new FakeIptables(sys);
    warnings = [];
    const warn = (problem: string): void => void warnings.push(problem);
    firewall = new Firewall(
      family => openTables(sys, family, warn),
      { hairpin: false },
      () => new Set(),
      warn,
    );
  });

  const present = (): readonly string[] => tables.rules("nat", "DOCKER");

  it("writes all that was adopted when it starts", async () => {
    firewall.adopt([["a", [rule("-i a")]]]);
    await firewall.start(true);
    expect(present()).toEqual(["-i a"]);
    expect(tables.policy("filter", "FORWARD")).toBe("DROP");
  });

  it("leaves the policy for packets that no rule accepts to others", async () => {
    await firewall.start(false);
    expect(tables.policy("filter", "FORWARD")).toBe("ACCEPT");
  });

  it("changes what belongs to an owner, and no more", async () => {
    await firewall.start(false);
    await firewall.apply([
      ["a", [rule("-i a"), rule("-i b")]],
      ["c", [rule("-i c")]],
    ]);
    tables.input = "";
    await firewall.apply([["a", [rule("-i b"), rule("-i d")]]]);
    expect(tables.input).toBe("*nat\n-D DOCKER -i a\n-A DOCKER -i d\nCOMMIT\n");
    expect(present()).toEqual(["-i b", "-i c", "-i d"]);
  });

  it("asks for nothing where nothing changes", async () => {
    await firewall.start(false);
    const { commits } = tables;
    await firewall.apply([["a", []]]);
    expect(tables.commits).toBe(commits);
  });

  it("writes its rules anew where somebody has flushed them", async () => {
    await firewall.start(false);
    await firewall.apply([["a", [rule("-i a")]]]);
    tables.restore("*nat\n:DOCKER - [0:0]\nCOMMIT\n");
    await firewall.apply([
      ["a", []],
      ["b", [rule("-i b")]],
    ]);
    expect(present()).toEqual(["-i b"]);
    expect(warnings).toEqual([expect.stringContaining("are not as we left them")]);
  });

  it("does without where iptables is missing", async () => {
    sys.files.removeFile("/usr/sbin/iptables-restore");
    await firewall.start(false);
    await firewall.apply([["a", [rule("-i a")]]]);
    expect(present()).toEqual([]);
  });

  it("does without, and says so, where iptables does not work", async () => {
    sys.processes.onRun = () => ({ code: 1, stdout: "", stderr: "no such kernel" });
    await firewall.start(false);
    expect(warnings).toEqual([
      "/usr/sbin/iptables does not work here: /usr/sbin/iptables-save: no such kernel",
    ]);
  });
});
