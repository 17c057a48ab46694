import { beforeAll, describe, expect, it } from "vitest";
import { type ContainerConfig, emptyConfig, type HostConfig } from "../container/config.ts";
import { openFakeDaemon } from "../testing/fake-daemon.ts";
import { checkConfig, commandOf, completeHostConfig, mergeConfig } from "./container-config.ts";
import type { Daemon } from "./daemon.ts";

const ID = "0123456789abcdef".repeat(4);
const MIB = 1 << 20;

let daemon: Daemon;
let bare: Daemon;

beforeAll(async () => {
  daemon = (await openFakeDaemon({ cpus: 4 })).daemon;
  bare = (await openFakeDaemon({ controllers: [], cpus: 4 })).daemon;
});

describe("mergeConfig", () => {
  const image = {
    Entrypoint: ["entry"],
    Cmd: ["image", "command"],
    Env: ["PATH=/bin", "A=1"],
    User: "app",
    WorkingDir: "/srv",
    Labels: { a: "1", b: "2" },
    ExposedPorts: { "80/tcp": {} },
    Volumes: { "/data": {} },
    StopSignal: "SIGINT",
  };

  it("takes from the image what was not asked for", () => {
    expect(mergeConfig({}, image, ID)).toMatchObject({ ...image, Hostname: "0123456789ab" });
  });

  it("puts what was asked for first", () => {
    const asked = {
      Cmd: ["own"],
      Env: ["A=2", "B=3", "PATH"],
      User: "root",
      WorkingDir: "/",
      Labels: { b: "3", c: "4" },
      ExposedPorts: { "81/tcp": {} },
      Hostname: "web",
      StopSignal: "SIGQUIT",
    };
    expect(mergeConfig(asked, image, ID)).toMatchObject({
      Entrypoint: ["entry"],
      Cmd: ["own"],
      Env: ["A=2", "B=3"],
      User: "root",
      WorkingDir: "/",
      Labels: { a: "1", b: "3", c: "4" },
      ExposedPorts: { "80/tcp": {}, "81/tcp": {} },
      Hostname: "web",
      StopSignal: "SIGQUIT",
    });
  });

  it("drops the image's command where the entrypoint is another", () => {
    expect(mergeConfig({ Entrypoint: ["own"] }, image, ID)).toMatchObject({ Entrypoint: ["own"], Cmd: null });
    expect(mergeConfig({ Entrypoint: ["own"], Cmd: ["x"] }, image, ID)).toMatchObject({ Cmd: ["x"] });
  });

  it("takes an empty word for no entrypoint", () => {
    expect(mergeConfig({ Entrypoint: [""], Cmd: ["x"] }, image, ID)).toMatchObject({
      Entrypoint: null,
      Cmd: ["x"],
    });
  });

  it("takes an empty command for none", () => {
    expect(mergeConfig({ Cmd: [] }, image, ID).Cmd).toEqual(["image", "command"]);
  });

  it("cleans the working directory", () => {
    expect(mergeConfig({ WorkingDir: "/a/./b//../c/" }, image, ID).WorkingDir).toBe("/a/c");
    expect(mergeConfig({ WorkingDir: "/../.." }, image, ID).WorkingDir).toBe("/");
  });
});

const of = (config: Partial<ContainerConfig>): unknown => commandOf({ ...emptyConfig(), ...config });

describe("commandOf", () => {
  it("is the entrypoint with the command behind it", () => {
    expect(of({ Entrypoint: ["a", "b"], Cmd: ["c"] })).toEqual({ path: "a", args: ["b", "c"] });
    expect(of({ Cmd: ["c"] })).toEqual({ path: "c", args: [] });
  });

  it("must be something", () => {
    expect(() => of({})).toThrow("no command specified");
  });
});

describe("checkConfig", () => {
  it.each([
    [{ StopSignal: "SIGNOPE" }, "invalid signal: SIGNOPE"],
    [{ WorkingDir: "srv" }, "the working directory 'srv' is invalid, it needs to be an absolute path"],
    [{ Env: ["A=1", ""] }, "invalid environment variable: "],
    [{ Env: ["=x"] }, "invalid environment variable: =x"],
  ])("refuses %j", (config, message) => {
    expect(() => checkConfig({ ...emptyConfig(), ...config })).toThrow(message);
  });

  it("lets what is fine pass", () => {
    const fine = { StopSignal: "RTMIN+3", WorkingDir: "/srv", Env: ["A=", "B", "C=1=2"] };
    expect(() => checkConfig({ ...emptyConfig(), ...fine })).not.toThrow();
  });
});

const complete = (asked: Partial<HostConfig>): HostConfig => completeHostConfig(daemon, asked).hostConfig;

describe("a host configuration", () => {
  it("gets Docker's defaults", () => {
    expect(complete({})).toMatchObject({
      NetworkMode: "bridge",
      IpcMode: "private",
      CgroupnsMode: "private",
      LogConfig: { Type: "json-file" },
      ShmSize: 64 * MIB,
      Runtime: "runc",
    });
    expect(
      complete({ NetworkMode: "default", ShmSize: 0, LogConfig: { Type: "", Config: { a: "b" } } }),
    ).toMatchObject({
      NetworkMode: "bridge",
      ShmSize: 64 * MIB,
      LogConfig: { Type: "json-file", Config: { a: "b" } },
    });
  });

  it("hides paths unless it is privileged, or says which itself", () => {
    expect(complete({}).MaskedPaths).toContain("/proc/kcore");
    expect(complete({}).ReadonlyPaths).toContain("/proc/sys");
    expect(complete({ Privileged: true })).toMatchObject({ MaskedPaths: null, ReadonlyPaths: null });
    expect(complete({ MaskedPaths: [], ReadonlyPaths: ["/x"] })).toMatchObject({
      MaskedPaths: [],
      ReadonlyPaths: ["/x"],
    });
  });

  it("has twice as much swap as memory, memory included, unless told otherwise", () => {
    expect(complete({ Memory: 64 * MIB }).MemorySwap).toBe(128 * MIB);
    expect(complete({ Memory: 64 * MIB, MemorySwap: -1 }).MemorySwap).toBe(-1);
  });

  it("keeps shares within what the kernel takes", () => {
    expect(complete({ CpuShares: 1 }).CpuShares).toBe(2);
    expect(complete({ CpuShares: 1 << 20 }).CpuShares).toBe(262144);
  });

  it.each<[Partial<HostConfig>, string]>([
    [{ Memory: MIB }, "Minimum memory limit allowed is 6MB"],
    [
      { Memory: 8 * MIB, MemorySwap: 7 * MIB },
      "Minimum memoryswap limit should be larger than memory limit, see usage",
    ],
    [
      { MemorySwap: 8 * MIB },
      "You should always set the Memory limit when using Memoryswap limit, see usage",
    ],
    [{ MemoryReservation: MIB }, "Minimum memory reservation allowed is 6MB"],
    [
      { Memory: 8 * MIB, MemoryReservation: 9 * MIB },
      "Minimum memory limit can not be less than memory reservation limit, see usage",
    ],
    [{ NanoCpus: 1e9, CpuPeriod: 1000 }, "Conflicting options: Nano CPUs and CPU Period cannot both be set"],
    [{ NanoCpus: 1e9, CpuQuota: 1000 }, "Conflicting options: Nano CPUs and CPU Quota cannot both be set"],
    [{ NanoCpus: 5e9 }, "range of CPUs is from 0.01 to 4.00, as there are only 4 CPUs available"],
    [{ NanoCpus: -1 }, "range of CPUs is from 0.01 to 4.00, as there are only 4 CPUs available"],
    [
      { CpuPeriod: 999 },
      "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)",
    ],
    [{ CpuPeriod: 1_000_001 }, "CPU cfs period can not be less than 1ms"],
    [{ CpuQuota: 999 }, "CPU cfs quota can not be less than 1ms (i.e. 1000)"],
    [{ OomScoreAdj: 1001 }, "Invalid value 1001, range for oom score adj is [-1000, 1000]"],
    [{ ShmSize: -1 }, "SHM size can not be less than 0"],
    [{ CpuShares: -1 }, "invalid CPU shares (-1): value must be a positive integer"],
    [{ CapAdd: ["NOPE"] }, 'invalid CapAdd: unknown capability: "CAP_NOPE"'],
    [{ CapDrop: ["NOPE"] }, 'invalid CapDrop: unknown capability: "CAP_NOPE"'],
  ])("is refused with %j", (asked, message) => {
    expect(() => complete(asked)).toThrow(message);
  });

  it("may have a period without a quota", () => {
    expect(complete({ CpuPeriod: 1000 }).CpuPeriod).toBe(1000);
  });
});

describe("limits that the kernel lacks", () => {
  it.each<[Partial<HostConfig>, Partial<HostConfig>, string[]]>([
    [
      { Memory: 8 * MIB },
      { Memory: 0, MemorySwap: -1 },
      [
        "Your kernel does not support memory limit capabilities or the cgroup is not mounted. Limitation discarded.",
      ],
    ],
    [
      { MemoryReservation: 8 * MIB },
      { MemoryReservation: 0 },
      [
        "Your kernel does not support memory soft limit capabilities or the cgroup is not mounted. Limitation discarded.",
      ],
    ],
    [
      { PidsLimit: 5 },
      { PidsLimit: null },
      [
        "Your kernel does not support PIDs limit capabilities or the cgroup is not mounted. PIDs limit discarded.",
      ],
    ],
    [{ PidsLimit: -1 }, { PidsLimit: null }, []],
    [
      { CpuShares: 5 },
      { CpuShares: 0 },
      ["Your kernel does not support CPU shares or the cgroup is not mounted. Shares discarded."],
    ],
    [
      { CpuQuota: 5000, CpuPeriod: 10_000 },
      { CpuQuota: 0, CpuPeriod: 0 },
      ["Your kernel does not support CPU CFS scheduler. CPU period/quota discarded."],
    ],
  ])("such as %j are taken out with Docker's warning", (asked, left, warnings) => {
    const completed = completeHostConfig(bare, asked);
    expect(completed.hostConfig).toMatchObject(left);
    expect(completed.warnings).toEqual(warnings);
  });

  it("are an error for a number of CPUs, as with Docker", () => {
    expect(() => completeHostConfig(bare, { NanoCpus: 1e9 })).toThrow(
      "NanoCPUs can not be set, as your kernel does not support CPU CFS scheduler or the cgroup is not mounted",
    );
  });

  it("need no warning where none was asked for", () => {
    expect(completeHostConfig(bare, {}).warnings).toEqual([]);
    expect(completeHostConfig(daemon, { Memory: 8 * MIB, PidsLimit: 5, NanoCpus: 1e9 }).warnings).toEqual([]);
  });
});
