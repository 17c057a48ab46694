import { describe, expect, it } from "vitest";
import { FakeCgroupFiles } from "../sys/fake/cgroup-files.ts";
import { type FakeSys, fakeSys } from "../sys/fake/sys.ts";
import { type Cgroup, CgroupTree, cpuWeight, type ResourceLimits } from "./cgroup.ts";

const ROOT = "/sys/fs/cgroup";
const GROUP = `${ROOT}/docker/abc`;

interface Fixture {
  readonly sys: FakeSys;
  readonly kernel: FakeCgroupFiles;
  readonly tree: CgroupTree;
  readonly group: Cgroup;
}

function fixture(controllers: readonly string[] = ["cpu", "memory", "pids"]): Fixture {
  const sys = fakeSys();
  const kernel = new FakeCgroupFiles(sys.files, ROOT, controllers);
  const tree = CgroupTree.open(sys.files, "docker");
  return { sys, kernel, tree, group: tree.group("abc") };
}

describe("cpuWeight", () => {
  it.each([
    [0, 1],
    [2, 1],
    [28, 1],
    [29, 2],
    [512, 20],
    [1024, 39],
    [2048, 79],
    [262144, 10000],
    [999999, 10000],
  ])("turns %i shares into the weight that runc gives: %i", (shares, weight) => {
    expect(cpuWeight(shares)).toBe(weight);
  });
});

describe("CgroupTree", () => {
  it("turns on what the kernel has", () => {
    const { sys, tree } = fixture();
    expect([...tree.controllers]).toEqual(["cpu", "memory", "pids"]);
    expect(sys.files.readText(`${ROOT}/docker/cgroup.subtree_control`)).toBe("+pids");
  });

  it("finds the tree beside version 1, with no controllers", () => {
    const sys = fakeSys();
    const kernel = new FakeCgroupFiles(sys.files, `${ROOT}/unified`, []);
    const tree = CgroupTree.open(sys.files, "docker");
    expect(kernel).toBeDefined();
    expect([...tree.controllers]).toEqual([]);
    expect(tree.group("abc").path).toBe(`${ROOT}/unified/docker/abc`);
  });

  it("makes each group above those of containers", () => {
    const { sys } = fixture();
    const tree = CgroupTree.open(sys.files, "/site/docker");
    expect(tree.group("abc").path).toBe(`${ROOT}/site/docker/abc`);
    expect(sys.files.readText(`${ROOT}/site/cgroup.subtree_control`)).toBe("+pids");
    expect([...tree.controllers]).toEqual(["cpu", "memory", "pids"]);
  });

  it("says where there is none", () => {
    expect(() => CgroupTree.open(fakeSys().files, "docker")).toThrow("cgroup v2 is not mounted");
  });

  it("lists groups, not the kernel's files", () => {
    const { tree, group } = fixture();
    group.create();
    tree.group("def").create();
    expect(tree.names()).toEqual(["abc", "def"]);
  });
});

/** What a group's files hold once these limits were applied; empty ones are left out. */
function written(limits: ResourceLimits): Record<string, string> {
  const { sys, group } = fixture();
  group.create();
  group.apply(limits);
  const names = sys.files.list(GROUP).filter(name => /^(memory|cpu|pids)\./.test(name));
  const values = names.map(name => [name, sys.files.readText(`${GROUP}/${name}`)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== ""));
}

describe("limits", () => {
  it("leave everything as it is where nothing is asked", () => {
    expect(written({})).toEqual({});
  });

  it("are written each to its file", () => {
    expect(
      written({
        memory: 64 << 20,
        swap: 1 << 20,
        memoryReservation: 32 << 20,
        cpuWeight: 39,
        cpuQuota: 50_000,
        pids: 20,
      }),
    ).toEqual({
      "memory.max": "67108864",
      "memory.swap.max": "1048576",
      "memory.low": "33554432",
      "cpu.weight": "39",
      "cpu.max": "50000 100000",
      "pids.max": "20",
    });
  });

  it("may be no limit", () => {
    expect(written({ swap: -1, pids: -1, cpuQuota: -1 })).toEqual({
      "memory.swap.max": "max",
      "pids.max": "max",
      "cpu.max": "max 100000",
    });
    expect(written({ swap: 0 })).toEqual({ "memory.swap.max": "0" });
  });

  it("have a period of their own", () => {
    expect(written({ cpuQuota: 1000, cpuPeriod: 5000 })).toEqual({ "cpu.max": "1000 5000" });
    expect(written({ cpuPeriod: 5000 })).toEqual({ "cpu.max": "max 5000" });
  });

  it("fail where the kernel lacks the controller", () => {
    const { group } = fixture(["pids"]);
    group.create();
    expect(() => group.apply({ memory: 1 << 20 })).toThrow("no such file or directory");
  });
});

describe("a group", () => {
  it("tells of its processes and whether one was killed for want of memory", () => {
    const { sys, group } = fixture();
    group.create();
    expect(group.processes()).toEqual([]);
    expect(group.outOfMemory()).toBe(false);
    sys.files.write(`${GROUP}/cgroup.procs`, "12\n345\n");
    sys.files.write(`${GROUP}/memory.events`, "low 0\nhigh 0\nmax 3\noom 1\noom_kill 0\n");
    expect(group.processes()).toEqual([12, 345]);
    expect(group.outOfMemory()).toBe(false);
    sys.files.write(`${GROUP}/memory.events`, "oom 1\noom_kill 10\noom_group_kill 0\n");
    expect(group.outOfMemory()).toBe(true);
  });

  it("that is gone has no processes and was never short of memory", () => {
    const { group } = fixture();
    expect(group.processes()).toEqual([]);
    expect(group.outOfMemory()).toBe(false);
    expect(group.remove()).toBe(true);
    expect(() => group.kill()).not.toThrow();
  });

  it("is emptied where one is left from before", () => {
    const { sys, kernel, group } = fixture();
    group.create();
    sys.files.write(`${GROUP}/cgroup.procs`, "7\n");
    const killed: number[] = [];
    kernel.onKill = pids => killed.push(...pids);
    group.create();
    expect(killed).toEqual([7]);
  });

  it("is frozen and thawed", () => {
    const { sys, group } = fixture();
    group.create();
    group.freeze(true);
    expect(sys.files.readText(`${GROUP}/cgroup.freeze`)).toBe("1");
    group.freeze(false);
    expect(sys.files.readText(`${GROUP}/cgroup.freeze`)).toBe("0");
  });
});

describe("clearing a group", () => {
  it("removes it at once where nothing is left in it", () => {
    const { sys, group } = fixture();
    group.create();
    group.clear(sys.clock);
    expect(sys.files.exists(GROUP)).toBe(false);
    expect(sys.clock.pending).toBe(0);
  });

  it("waits until the last process is reaped", () => {
    const { sys, group } = fixture();
    group.create();
    sys.files.write(`${GROUP}/cgroup.procs`, "7\n");
    group.clear(sys.clock);
    sys.clock.advance(100);
    expect(sys.files.exists(GROUP)).toBe(true);
    sys.files.write(`${GROUP}/cgroup.procs`, "");
    sys.clock.advance(20);
    expect(sys.files.exists(GROUP)).toBe(false);
    expect(sys.clock.pending).toBe(0);
  });

  it("stops where the group serves again", () => {
    const { sys, group } = fixture();
    group.create();
    sys.files.write(`${GROUP}/cgroup.procs`, "7\n");
    let inUse = false;
    group.clear(sys.clock, () => inUse);
    inUse = true;
    sys.clock.advance(10_000);
    expect(sys.files.exists(GROUP)).toBe(true);
    expect(sys.clock.pending).toBe(0);
  });

  it("gives up on processes that don't die", () => {
    const { sys, group } = fixture();
    group.create();
    sys.files.write(`${GROUP}/cgroup.procs`, "7\n");
    group.clear(sys.clock);
    sys.clock.advance(60_000);
    expect(sys.clock.pending).toBe(0);
  });
});
