import { beforeEach, describe, expect, it } from "vitest";
import { type ContainerConfig, emptyHostConfig, type HostConfig } from "../container/config.ts";
import { MountFlag } from "../sys/kernel.ts";
import { run } from "../testing/fake-containers.ts";
import { DATA_ROOT, EXEC_ROOT, type FakeDaemon, openFakeDaemon } from "../testing/fake-daemon.ts";
import { addImage } from "../testing/fake-images.ts";
import type { DecodedRecord, FakeShim } from "../testing/fake-shim.ts";
import { cgroupLimits } from "./container-spec.ts";

let fake: FakeDaemon;

beforeEach(async () => {
  fake = await openFakeDaemon({ cpus: 4 });
  await addImage(fake.daemon);
});

/** What the process of a container does on its way; paths and ids that differ in each are named. */
async function stepsOf(
  hostConfig: Partial<HostConfig> = {},
  config: Partial<ContainerConfig> = {},
): Promise<{ steps: string[]; shim: FakeShim }> {
  const { container, shim } = await run(fake, `c${fake.shims.all.length}`, hostConfig, config);
  const rootfs = fake.daemon.layers.writable(container.id)?.merged ?? "";
  const show = (record: DecodedRecord): string =>
    JSON.stringify(record[0] === "seccomp" ? ["seccomp"] : record)
      .replaceAll(rootfs, "ROOT")
      .replaceAll(`${DATA_ROOT}/containers/${container.id}`, "DIR")
      .replaceAll(container.id.slice(0, 12), "SHORT");
  return { steps: shim.steps.map(show), shim };
}

function filterOf(shim: FakeShim): DecodedRecord | undefined {
  return shim.steps.find(([name]) => name === "seccomp");
}

const LOCKED = MountFlag.noSuid | MountFlag.noDev | MountFlag.noExec; // 14
const CAPS = "0a80425fb"; // what `docker run` gives

const JOIN_NETWORK = `["setns","${EXEC_ROOT}/netns/SHORT","1073741824"]`;
const OWN_CGROUP = '["unshare","33554432"]';
const SLAVE = '["mount","","/","","540672",""]'; // MS_SLAVE | MS_REC

const MOUNTS = [
  '["place","ROOT","/proc","proc","proc","14",""]',
  '["place","ROOT","/dev","tmpfs","tmpfs","16777218","mode=755,size=65536k"]',
  '["place","ROOT","/dev/pts","devpts","devpts","10","newinstance,ptmxmode=0666,mode=0620,gid=5"]',
  '["place","ROOT","/sys","sysfs","sysfs","15",""]',
  '["place","ROOT","/sys/fs/cgroup","cgroup","cgroup2","15",""]',
  '["place","ROOT","/dev/mqueue","mqueue","mqueue","14",""]',
  '["place","ROOT","/dev/shm","shm","tmpfs","14","mode=1777,size=67108864"]',
];

const FILES = [
  '["bind","ROOT","/etc/resolv.conf","DIR/resolv.conf","","1","0","278528"]', // MS_BIND | MS_REC
  '["bind","ROOT","/etc/hostname","DIR/hostname","","1","0","278528"]',
  '["bind","ROOT","/etc/hosts","DIR/hosts","","1","0","278528"]',
];

const DEVICES = [
  '["mknod","ROOT/dev/null","8630","1","3"]', // 020666
  '["mknod","ROOT/dev/zero","8630","1","5"]',
  '["mknod","ROOT/dev/full","8630","1","7"]',
  '["mknod","ROOT/dev/random","8630","1","8"]',
  '["mknod","ROOT/dev/urandom","8630","1","9"]',
  '["mknod","ROOT/dev/tty","8630","5","0"]',
  '["symlink","/proc/self/fd","ROOT/dev/fd"]',
  '["symlink","/proc/self/fd/0","ROOT/dev/stdin"]',
  '["symlink","/proc/self/fd/1","ROOT/dev/stdout"]',
  '["symlink","/proc/self/fd/2","ROOT/dev/stderr"]',
  '["symlink","/proc/kcore","ROOT/dev/core"]',
  '["symlink","pts/ptmx","ROOT/dev/ptmx"]',
];

const HIDDEN = [
  ...["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"].map(
    path => `["readonly","${path}"]`,
  ),
  ...[
    "/proc/asound",
    "/proc/acpi",
    "/proc/interrupts",
    "/proc/kcore",
    "/proc/keys",
    "/proc/latency_stats",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/proc/sched_debug",
    "/proc/scsi",
    "/sys/firmware",
    "/sys/devices/virtual/powercap",
  ].map(path => `["mask","${path}"]`),
];

const ENVIRONMENT =
  '["environment","PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin","HOSTNAME=SHORT","HOME=/root"]';

describe("a container of which nothing is asked", () => {
  it("takes exactly these steps", async () => {
    const { steps } = await stepsOf();
    expect(steps).toEqual([
      JOIN_NETWORK,
      OWN_CGROUP,
      SLAVE,
      ...MOUNTS,
      ...FILES,
      ...DEVICES,
      '["hostname","SHORT"]',
      '["root","ROOT"]',
      ...HIDDEN,
      '["session"]',
      '["own-stdio","0"]',
      '["seccomp"]',
      `["bounding","${CAPS}"]`,
      '["groups","0"]',
      '["user","0","0"]',
      `["capabilities","${CAPS}","${CAPS}","0","0"]`,
      '["chdir","/"]',
      ENVIRONMENT,
      '["exec","app"]',
    ]);
  });

  it("tells its shim where it lives", async () => {
    const { shim } = await stepsOf();
    const id = shim.child.options.argv[2];
    expect(shim.settings).toEqual([
      ["stdio", "0", "0", "0"],
      ["clone", `${0x0002_0000 | 0x2000_0000 | 0x0800_0000 | 0x0400_0000}`], // mount, pid, ipc, uts
      ["cgroup", `/sys/fs/cgroup/docker/${id}`],
      ["log", `${DATA_ROOT}/containers/${id}/${id}-json.log`, "0", "1"],
    ]);
    expect(shim.child.options).toMatchObject({
      file: "/usr/lib/drydock/shim",
      argv: ["drydock-shim", `${EXEC_ROOT}/shim/${id}`, id],
      env: [],
      newSession: true,
    });
    expect(shim.child.options.fds.slice(0, 3)).toEqual([-1, -1, 2]);
  });
});

describe("a privileged container", () => {
  it("writes to /sys and cgroups, hides nothing, has every capability and no filter", async () => {
    const { steps } = await stepsOf({ Privileged: true });
    expect(steps).toContain(`["place","ROOT","/sys","sysfs","sysfs","${LOCKED}",""]`);
    expect(steps).toContain(`["place","ROOT","/sys/fs/cgroup","cgroup","cgroup2","${LOCKED}",""]`);
    expect(steps).toContain(OWN_CGROUP);
    expect(steps.filter(step => /^\["(mask|readonly|seccomp)/.test(step))).toEqual([]);
    expect(steps).toContain('["bounding","1ffffffffff"]');
    expect(steps).toContain('["capabilities","1ffffffffff","1ffffffffff","0","0"]');
  });
});

describe("a container with a read-only root", () => {
  it("closes it last, when all places for mounts are made", async () => {
    const { steps } = await stepsOf({ ReadonlyRootfs: true });
    const closing = steps.indexOf('["mount","","/","","4129",""]'); // MS_BIND | MS_REMOUNT | MS_RDONLY
    expect(closing).toBe(steps.indexOf('["session"]') - 1);
    expect(closing).toBeGreaterThan(steps.indexOf('["root","ROOT"]'));
  });
});

describe("a container with a terminal", () => {
  it("takes one of the size that was asked for, and knows what it is", async () => {
    const { steps, shim } = await stepsOf({ ConsoleSize: [24, 80] }, { Tty: true, User: "app" });
    expect(steps).toContain('["console","24","80","1000","1"]');
    expect(steps.filter(step => step.startsWith('["own-stdio'))).toEqual([]);
    expect(steps.find(step => step.startsWith('["environment'))).toContain('"TERM=xterm"');
    expect(shim.setting("stdio")).toEqual(["1", "0", "0"]);
  });
});

describe("namespaces of the host", () => {
  it("are not made anew", async () => {
    const { steps, shim } = await stepsOf({
      PidMode: "host",
      IpcMode: "host",
      UTSMode: "host",
      CgroupnsMode: "host",
    });
    expect(shim.setting("clone")).toEqual(["131072"]); // mount
    expect(steps).not.toContain(OWN_CGROUP);
    expect(steps.filter(step => /^\["(hostname|domainname)/.test(step))).toEqual([]);
  });

  it("are not those of a container of which nothing is asked", async () => {
    const { steps } = await stepsOf({}, { Hostname: "web", Domainname: "example.org" });
    expect(steps).toContain('["hostname","web"]');
    expect(steps).toContain('["domainname","example.org"]');
  });
});

describe("stdin", () => {
  it("is kept open, or closed with its first client", async () => {
    expect((await stepsOf({}, { OpenStdin: true })).shim.setting("stdio")).toEqual(["0", "1", "0"]);
    const once = await stepsOf({}, { OpenStdin: true, StdinOnce: true });
    expect(once.shim.setting("stdio")).toEqual(["0", "1", "1"]);
  });
});

describe("who a container runs as", () => {
  it("is looked up in its own files", async () => {
    const { steps } = await stepsOf({ GroupAdd: ["44"] }, { User: "app" });
    expect(steps).toContain('["own-stdio","1000"]');
    expect(steps).toContain('["groups","1001","33","44"]');
    expect(steps).toContain('["user","1000","1001"]');
    expect(steps.find(step => step.startsWith('["environment'))).toContain('"HOME=/home/app"');
  });

  it("must exist", async () => {
    await expect(stepsOf({}, { User: "nobody" })).rejects.toThrow(
      "unable to find user nobody: no matching entries in passwd file",
    );
  });
});

describe("security options", () => {
  it("may leave the filter out", async () => {
    const { steps } = await stepsOf({ SecurityOpt: ["seccomp=unconfined"] });
    expect(steps).not.toContain('["seccomp"]');
  });

  it("may forbid new privileges, which lets the filter wait until the end", async () => {
    for (const option of ["no-new-privileges", "no-new-privileges:true", "no-new-privileges=true"]) {
      const { steps } = await stepsOf({ SecurityOpt: [option] });
      expect(steps.slice(-2)).toEqual(['["seccomp"]', '["exec","app"]']);
      expect(steps.indexOf('["no-new-privileges"]')).toBeLessThan(steps.indexOf(`["bounding","${CAPS}"]`));
    }
    const { steps } = await stepsOf({ SecurityOpt: ["no-new-privileges:false"] });
    expect(steps).not.toContain('["no-new-privileges"]');
  });

  it("decide about the filter by the capabilities", async () => {
    const usual = await stepsOf();
    const more = await stepsOf({ CapAdd: ["SYS_ADMIN"] });
    expect(filterOf(more.shim)).not.toEqual(filterOf(usual.shim));
  });
});

describe("what is mounted besides", () => {
  it("is memory for --tmpfs, with the options that the kernel knows", async () => {
    const { steps } = await stepsOf({ Tmpfs: { "/run": "", "/tmp": "rw,exec,size=64m,mode=1777" } });
    expect(steps).toContain(`["place","ROOT","/run","tmpfs","tmpfs","${LOCKED}",""]`);
    expect(steps).toContain('["place","ROOT","/tmp","tmpfs","tmpfs","6","size=64m,mode=1777"]');
  });

  it("is not what no kernel knows", async () => {
    await expect(stepsOf({ Tmpfs: { "/tmp": "size=1m,bogus=1" } })).rejects.toThrow(
      'invalid tmpfs option ["bogus" "1"]',
    );
  });

  it("has the size that was asked for in /dev/shm", async () => {
    const { steps } = await stepsOf({ ShmSize: 1 << 20 });
    expect(steps).toContain('["place","ROOT","/dev/shm","shm","tmpfs","14","mode=1777,size=1048576"]');
  });
});

describe("limits of the process", () => {
  it("are set by number", async () => {
    const { steps } = await stepsOf({
      Ulimits: [
        { Name: "nofile", Soft: 1024, Hard: 2048 },
        { Name: "core", Soft: 0, Hard: -1 },
      ],
      OomScoreAdj: -500,
      Sysctls: { "net.core.somaxconn": "1024" },
    });
    expect(steps).toContain('["rlimit","7","1024","2048"]');
    expect(steps).toContain('["rlimit","4","0","-1"]');
    expect(steps).toContain('["write","/proc/self/oom_score_adj","-500"]');
    expect(steps).toContain('["write","/proc/sys/net/core/somaxconn","1024"]');
    const write = steps.indexOf('["write","/proc/sys/net/core/somaxconn","1024"]');
    expect(write).toBeLessThan(steps.indexOf('["readonly","/proc/sys"]'));
  });
});

describe("the working directory", () => {
  it("is made where the image lacks it", async () => {
    const { container } = await run(fake, "work", {}, { WorkingDir: "/srv/app" });
    const rootfs = fake.daemon.layers.writable(container.id)?.merged;
    expect(fake.sys.files.stat(`${rootfs}/srv/app`)?.kind).toBe("directory");
  });

  it("cannot be a file", async () => {
    await expect(run(fake, "work", {}, { WorkingDir: "/bin/sh" })).rejects.toThrow(
      "Cannot mkdir: /bin/sh is not a directory",
    );
  });
});

describe("cgroupLimits", () => {
  const empty = emptyHostConfig();

  it("are none where nothing is asked", () => {
    expect(cgroupLimits(empty)).toEqual({});
  });

  it("turn Docker's terms into the kernel's", () => {
    expect(cgroupLimits({ ...empty, Memory: 100, MemorySwap: 250, MemoryReservation: 50 })).toEqual({
      memory: 100,
      swap: 150,
      memoryReservation: 50,
    });
    expect(cgroupLimits({ ...empty, Memory: 100, MemorySwap: -1 })).toEqual({ memory: 100, swap: -1 });
    expect(cgroupLimits({ ...empty, CpuShares: 512, PidsLimit: 20 })).toEqual({ cpuWeight: 20, pids: 20 });
    expect(cgroupLimits({ ...empty, NanoCpus: 1_500_000_000 })).toEqual({ cpuQuota: 150_000 });
    expect(cgroupLimits({ ...empty, CpuQuota: 5000, CpuPeriod: 10_000 })).toEqual({
      cpuQuota: 5000,
      cpuPeriod: 10_000,
    });
    expect(cgroupLimits({ ...empty, PidsLimit: -1 })).toEqual({ pids: -1 });
  });
});
