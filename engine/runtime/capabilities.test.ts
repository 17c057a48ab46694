import { describe, expect, it } from "vitest";
import { capabilityMask, checkCapabilities, containerCapabilities } from "./capabilities.ts";

const DEFAULT_COUNT = 14;
const ALL_COUNT = 41;

const of = (add: string[], drop: string[], privileged = false): Set<string> =>
  containerCapabilities({ privileged, add, drop });

describe("containerCapabilities", () => {
  it("gives what Docker gives", () => {
    expect([...of([], [])].toSorted()).toEqual(
      [
        "CAP_AUDIT_WRITE CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_FSETID CAP_KILL CAP_MKNOD",
        "CAP_NET_BIND_SERVICE CAP_NET_RAW CAP_SETFCAP CAP_SETGID CAP_SETPCAP CAP_SETUID CAP_SYS_CHROOT",
      ].flatMap(line => line.split(" ")),
    );
  });

  it("adds and drops by names of any form", () => {
    const capabilities = of(["net_admin", "CAP_SYS_TIME", "Sys_Ptrace"], ["cap_chown", "MKNOD"]);
    expect(capabilities.size).toBe(DEFAULT_COUNT + 3 - 2);
    expect(capabilities.has("CAP_NET_ADMIN")).toBe(true);
    expect(capabilities.has("CAP_CHOWN")).toBe(false);
  });

  it("takes ALL for every one but those that are dropped", () => {
    expect(of(["ALL"], []).size).toBe(ALL_COUNT);
    const most = of(["all"], ["SYS_ADMIN"]);
    expect(most.size).toBe(ALL_COUNT - 1);
    expect(most.has("CAP_SYS_ADMIN")).toBe(false);
  });

  it("takes ALL in what is dropped for none but those that are added", () => {
    expect(of([], ["ALL"]).size).toBe(0);
    expect([...of(["CHOWN", "SYS_TIME"], ["ALL"])]).toEqual(["CAP_CHOWN", "CAP_SYS_TIME"]);
  });

  it("adds what is both added and dropped", () => {
    expect(of(["CHOWN", "SYS_TIME"], ["CHOWN", "SYS_TIME"]).size).toBe(DEFAULT_COUNT + 1);
    expect([...of(["CHOWN"], ["ALL", "CHOWN"])]).toEqual(["CAP_CHOWN"]);
  });

  it("lets ALL win over ALL", () => {
    expect(of(["ALL"], ["ALL"]).size).toBe(ALL_COUNT);
  });

  it("gives a privileged container everything, whatever is dropped", () => {
    expect(of([], ["ALL"], true).size).toBe(ALL_COUNT);
  });
});

describe("checkCapabilities", () => {
  it("says which list an unknown name is in", () => {
    expect(() => checkCapabilities(["nope"], [])).toThrow('invalid CapAdd: unknown capability: "CAP_NOPE"');
    expect(() => checkCapabilities(["CHOWN"], ["CAP_X"])).toThrow(
      'invalid CapDrop: unknown capability: "CAP_X"',
    );
    expect(() => checkCapabilities(["ALL", "net_raw"], ["all"])).not.toThrow();
  });
});

describe("capabilityMask", () => {
  it("has a bit for each, by its number", () => {
    expect(capabilityMask(new Set())).toBe("000000000");
    expect(capabilityMask(new Set(["CAP_CHOWN"]))).toBe("000000001");
    expect(capabilityMask(new Set(["CAP_SETFCAP", "CAP_MAC_OVERRIDE"]))).toBe("180000000");
    expect(capabilityMask(of([], []))).toBe("0a80425fb"); // as /proc/self/status of a container shows it
    expect(capabilityMask(of(["ALL"], []))).toBe("1ffffffffff");
  });
});
