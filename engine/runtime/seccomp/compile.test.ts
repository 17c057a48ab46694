import { describe, expect, it } from "vitest";
import { containerCapabilities } from "../capabilities.ts";
import { compileSeccomp } from "./compile.ts";
import { defaultProfile } from "./default-profile.ts";
import type { SeccompArgument, SeccompProfile } from "./profile.ts";
import { SeccompPrograms } from "./programs.ts";
import { I386_CALLS, X86_64_CALLS } from "./syscall-numbers.ts";

const RELEASE = "6.1.0-13-686";
const I386 = { audit: 0x4000_0003, calls: I386_CALLS.split(" ") };
const X86_64 = { audit: 0xc000_003e, calls: X86_64_CALLS.split(" ") };
type Machine = typeof I386;

const ALLOW = "allow";
const KILL = "kill";
const errno = (number: number): string => `errno ${number}`;

/** What a verdict of seccomp(2) means. */
function describeAction(value: number): string {
  const action = value & 0xffff_0000;
  if (action === 0x7fff_0000) return ALLOW;
  if (action === 0x0005_0000) return errno(value & 0xffff);
  if (action >>> 0 === 0x8000_0000) return KILL;
  return `action 0x${(value >>> 0).toString(16)}`;
}

/** struct seccomp_data */
function seccompData(number: number, audit: number, args: readonly bigint[]): DataView {
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, number, true);
  data.setUint32(4, audit, true);
  for (const [index, value] of args.entries()) data.setBigUint64(16 + 8 * index, value, true);
  return data;
}

/** Runs a program as the kernel does (bpf(4)), and insists on what its checker insists on. */
function run(program: string, data: DataView): string {
  const code = new DataView(Uint8Array.from(Buffer.from(program, "hex")).buffer);
  const count = code.byteLength / 8;
  let accumulator = 0;
  for (let at = 0; at < count; at++) {
    const operation = code.getUint16(8 * at, true);
    const k = code.getUint32(8 * at + 4, true);
    const jump = (holds: boolean): void => {
      at += code.getUint8(8 * at + (holds ? 2 : 3));
    };
    switch (operation) {
      case 0x20:
        expect(k % 4).toBe(0);
        accumulator = data.getUint32(k, true);
        break;
      case 0x54:
        accumulator = (accumulator & k) >>> 0;
        break;
      case 0x05:
        at += k;
        break;
      case 0x15:
        jump(accumulator === k);
        break;
      case 0x25:
        jump(accumulator > k);
        break;
      case 0x35:
        jump(accumulator >= k);
        break;
      case 0x06:
        return describeAction(k);
      default:
        throw new Error(`instruction ${at} is 0x${operation.toString(16)}`);
    }
  }
  throw new Error("the program runs off its end");
}

interface Call {
  readonly machine: Machine;
  readonly name: string;
  readonly args?: readonly bigint[];
}

function verdict(program: string, { machine, name, args = [] }: Call): string {
  const number = machine.calls.indexOf(name);
  expect(number, name).toBeGreaterThanOrEqual(0);
  return run(program, seccompData(number, machine.audit, args));
}

/** The program for a container with the usual capabilities and these. */
function programWith(...add: string[]): string {
  const capabilities = containerCapabilities({ privileged: false, add, drop: [] });
  return compileSeccomp(defaultProfile, capabilities, RELEASE);
}

/** What Docker 28.2's default profile refuses to a container with the usual capabilities. */
const DENIED_EVERYWHERE =
  "_sysctl acct add_key afs_syscall bpf clock_settime create_module delete_module fanotify_init finit_module " +
  "fsconfig fsmount fsopen fspick get_kernel_syms get_mempolicy getpmsg init_module io_uring_enter " +
  "io_uring_register io_uring_setup ioperm iopl kcmp kexec_load keyctl lookup_dcookie mbind migrate_pages mount " +
  "mount_setattr move_mount move_pages nfsservctl open_by_handle_at open_tree perf_event_open pidfd_getfd " +
  "pivot_root process_madvise putpmsg query_module quotactl quotactl_fd reboot request_key set_mempolicy " +
  "set_mempolicy_home_node setdomainname sethostname setns settimeofday swapoff swapon sysfs syslog umount2 " +
  "unshare uselib userfaultfd ustat vhangup vserver";
const DENIED_ON_I386 =
  "arch_prctl bdflush break clock_settime64 ftime gtty idle lock mpx nice oldfstat oldlstat oldolduname oldstat " +
  "olduname prof profil readdir sgetmask sigaction signal sigpending sigsuspend ssetmask stime stty ulimit umount " +
  "vm86 vm86old";
const DENIED_ON_X86_64 = "kexec_file_load security tuxcall";

/** What it gives back with a capability. */
const GRANTS: Readonly<Record<string, string>> = {
  BPF: "bpf",
  DAC_READ_SEARCH: "open_by_handle_at",
  PERFMON: "perf_event_open",
  SYSLOG: "syslog",
  SYS_ADMIN:
    "bpf clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie mount mount_setattr move_mount open_tree " +
    "perf_event_open quotactl quotactl_fd setdomainname sethostname setns syslog umount umount2 unshare",
  SYS_BOOT: "reboot",
  SYS_MODULE: "delete_module init_module finit_module",
  SYS_NICE: "get_mempolicy mbind set_mempolicy set_mempolicy_home_node",
  SYS_PACCT: "acct",
  SYS_PTRACE: "kcmp pidfd_getfd process_madvise",
  SYS_RAWIO: "iopl ioperm",
  SYS_TIME: "settimeofday stime clock_settime clock_settime64",
  SYS_TTY_CONFIG: "vhangup",
};

describe.each([
  ["i386", I386, DENIED_ON_I386],
  ["x86-64", X86_64, DENIED_ON_X86_64],
])("the default profile on %s", (_, machine, deniedHere) => {
  const denied = new Set(`${DENIED_EVERYWHERE} ${deniedHere}`.split(" "));
  const names = machine.calls.filter(name => name !== "-");

  /** The calls that a program answers otherwise than another, with no arguments. */
  const differences = (program: string, other: string): string[] =>
    names.filter(name => verdict(program, { machine, name }) !== verdict(other, { machine, name }));

  it("allows and denies each call as Docker does", () => {
    const program = programWith();
    const refused = names.filter(name => verdict(program, { machine, name }) !== ALLOW);
    expect(refused.toSorted()).toEqual([...denied, "clone3"].toSorted());
    for (const name of denied) expect(verdict(program, { machine, name }), name).toBe(errno(1));
  });

  it.each(Object.entries(GRANTS))("gives back with CAP_%s what goes with it", (capability, granted) => {
    const here = granted.split(" ").filter(name => machine.calls.includes(name));
    expect(differences(programWith(), programWith(capability)).toSorted()).toEqual(here.toSorted());
  });

  it("takes chroot with its capability", () => {
    const capabilities = containerCapabilities({ privileged: false, add: [], drop: ["SYS_CHROOT"] });
    const program = compileSeccomp(defaultProfile, capabilities, RELEASE);
    expect(differences(programWith(), program)).toEqual(["chroot"]);
  });

  it("answers numbers that nobody knows as a kernel without them would", () => {
    const program = programWith();
    for (const number of [machine.calls.length, 1000, 0x4000_0000, 0xffff_ffff])
      expect(run(program, seccompData(number, machine.audit, []))).toBe(errno(38));
  });

  it("denies numbers that are unused", () => {
    const program = programWith();
    const unused = machine.calls.flatMap((name, number) => (name === "-" ? [number] : []));
    expect(unused.length).toBeGreaterThan(0);
    for (const number of unused) expect(run(program, seccompData(number, machine.audit, []))).toBe(errno(1));
  });

  it("hides clone3, whose flags no filter can read", () => {
    expect(verdict(programWith(), { machine, name: "clone3" })).toBe(errno(38));
    expect(verdict(programWith("SYS_ADMIN"), { machine, name: "clone3" })).toBe(ALLOW);
  });

  it.each([
    ["CLONE_NEWUSER", 0x1000_0000n],
    ["CLONE_NEWNS", 0x2_0000n],
    ["CLONE_NEWNET with SIGCHLD", 0x4000_0011n],
    ["CLONE_NEWCGROUP", 0x200_0000n],
    ["CLONE_NEWPID", 0x2000_0000n],
  ])("refuses clone with %s but to CAP_SYS_ADMIN", (__, flags) => {
    expect(verdict(programWith(), { machine, name: "clone", args: [flags] })).toBe(errno(1));
    expect(verdict(programWith("SYS_ADMIN"), { machine, name: "clone", args: [flags] })).toBe(ALLOW);
  });

  it("allows clone for threads and for fork", () => {
    for (const flags of [0x11n, 0x3d_0f00n, 0x120_0011n])
      expect(verdict(programWith(), { machine, name: "clone", args: [flags] })).toBe(ALLOW);
  });

  it("allows only personalities of Linux", () => {
    const program = programWith();
    const of = (value: bigint): string => verdict(program, { machine, name: "personality", args: [value] });
    for (const value of [0n, 8n, 0x2_0000n, 0x2_0008n, 0xffff_ffffn]) expect(of(value)).toBe(ALLOW);
    for (const value of [1n, 9n, 0x4_0000n, 0x4_0008n, 0xffff_fffen]) expect(of(value)).toBe(errno(1));
  });

  it("refuses sockets that would reach past the network namespace", () => {
    const program = programWith();
    const of = (family: bigint): string =>
      verdict(program, { machine, name: "socket", args: [family, 1n, 0n] });
    for (const family of [1n, 2n, 10n, 16n, 39n, 41n]) expect(of(family)).toBe(ALLOW);
    expect(of(40n)).toBe(errno(1));
  });

  it("looks at the kernel's version for ptrace", () => {
    const capabilities = containerCapabilities({ privileged: false, add: [], drop: [] });
    const on = (release: string): string =>
      verdict(compileSeccomp(defaultProfile, capabilities, release), { machine, name: "ptrace" });
    expect(on("4.7.9")).toBe(errno(1));
    expect(on("4.8.0")).toBe(ALLOW);
    expect(on("4.19.0-1")).toBe(ALLOW);
    expect(on("3.10.0")).toBe(errno(1));
  });
});

describe("any program", () => {
  it("kills a process of another architecture", () => {
    expect(run(programWith(), seccompData(1, 0xc000_00b7, []))).toBe(KILL);
  });

  it("is one that the kernel takes", () => {
    const program = programWith("ALL");
    expect(program).toMatch(/^(?:[0-9a-f]{16})+$/);
    expect(program.length / 16).toBeLessThanOrEqual(4096); // BPF_MAXINSNS
  });

  it("is compiled once for each set of capabilities", () => {
    const programs = new SeccompPrograms(RELEASE);
    const usual = containerCapabilities({ privileged: false, add: [], drop: [] });
    expect(programs.forCapabilities(usual)).toBe(programWith());
    expect(programs.forCapabilities(new Set(["CAP_SYS_ADMIN"]))).not.toBe(programWith());
  });
});

/** A profile with one rule for dup2; what it does not allow is EACCES. */
function dup2Profile(
  args: readonly SeccompArgument[],
  action = "SCMP_ACT_ALLOW",
  errnoRet?: number,
): SeccompProfile {
  const rule = {
    names: ["dup2", "no-such-call"],
    action,
    args,
    ...(errnoRet === undefined ? {} : { errnoRet }),
  };
  return { defaultAction: "SCMP_ACT_ERRNO", defaultErrnoRet: 13, syscalls: [rule] };
}

/** What a profile says to dup2 with these arguments. */
function outcome(profile: SeccompProfile, ...args: bigint[]): string {
  return verdict(compileSeccomp(profile, new Set(), RELEASE), { machine: I386, name: "dup2", args });
}

describe("a profile of one's own", () => {
  it.each([
    ["SCMP_CMP_EQ", [7n], [6n, 8n]],
    ["SCMP_CMP_NE", [6n, 8n], [7n]],
    ["SCMP_CMP_GT", [8n], [6n, 7n]],
    ["SCMP_CMP_GE", [7n, 8n], [6n]],
    ["SCMP_CMP_LT", [6n], [7n, 8n]],
    ["SCMP_CMP_LE", [6n, 7n], [8n]],
  ] as const)("compares by %s", (op, passing, failing) => {
    for (const value of passing)
      expect(outcome(dup2Profile([{ index: 0, value: 7, op }]), value)).toBe(ALLOW);
    for (const value of failing)
      expect(outcome(dup2Profile([{ index: 0, value: 7, op }]), value)).toBe(errno(13));
  });

  it("masks", () => {
    const masked = dup2Profile([{ index: 0, value: 0xf0, valueTwo: 0x30, op: "SCMP_CMP_MASKED_EQ" }]);
    expect(outcome(masked, 0x35n)).toBe(ALLOW);
    expect(outcome(masked, 0x135n)).toBe(ALLOW);
    expect(outcome(masked, 0x75n)).toBe(errno(13));
  });

  it("wants all of a rule's comparisons, on any argument", () => {
    const both = dup2Profile([
      { index: 0, value: 1, op: "SCMP_CMP_EQ" },
      { index: 5, value: 2, op: "SCMP_CMP_GE" },
    ]);
    expect(outcome(both, 1n, 0n, 0n, 0n, 0n, 2n)).toBe(ALLOW);
    expect(outcome(both, 1n, 0n, 0n, 0n, 0n, 1n)).toBe(errno(13));
    expect(outcome(both, 2n, 0n, 0n, 0n, 0n, 2n)).toBe(errno(13));
  });

  it("answers as it says", () => {
    expect(outcome(dup2Profile([], "SCMP_ACT_ERRNO", 99))).toBe(errno(99));
    expect(outcome(dup2Profile([], "SCMP_ACT_ERRNO"))).toBe(errno(1));
    expect(outcome(dup2Profile([], "SCMP_ACT_KILL_PROCESS"))).toBe(KILL);
    expect(outcome(dup2Profile([], "SCMP_ACT_TRAP"))).toBe("action 0x30000");
    expect(outcome(dup2Profile([], "SCMP_ACT_LOG"))).toBe("action 0x7ffc0000");
  });

  it("may refuse what another rule allows with conditions", () => {
    const rules: SeccompProfile = {
      defaultAction: "SCMP_ACT_ALLOW",
      syscalls: [
        {
          names: ["dup2"],
          action: "SCMP_ACT_ERRNO",
          errnoRet: 5,
          args: [{ index: 0, value: 1, op: "SCMP_CMP_EQ" }],
        },
      ],
    };
    expect(outcome(rules, 1n)).toBe(errno(5));
    expect(outcome(rules, 2n)).toBe(ALLOW);
    const program = compileSeccomp(rules, new Set(), RELEASE);
    expect(verdict(program, { machine: X86_64, name: "read" })).toBe(ALLOW);
    expect(run(program, seccompData(1000, I386.audit, []))).toBe(ALLOW);
  });

  it("may be excluded by an architecture, or included by one", () => {
    const rules: SeccompProfile = {
      defaultAction: "SCMP_ACT_ERRNO",
      syscalls: [
        { names: ["dup2"], action: "SCMP_ACT_ALLOW", includes: { arches: ["amd64"] } },
        { names: ["dup"], action: "SCMP_ACT_ALLOW", excludes: { arches: ["amd64"] } },
      ],
    };
    const program = compileSeccomp(rules, new Set(), RELEASE);
    const of = (machine: Machine, name: string): string => verdict(program, { machine, name });
    expect([of(I386, "dup2"), of(X86_64, "dup2")]).toEqual([errno(1), ALLOW]);
    expect([of(I386, "dup"), of(X86_64, "dup")]).toEqual([ALLOW, errno(1)]);
  });

  it("is refused where its action is unknown", () => {
    expect(() => outcome(dup2Profile([], "SCMP_ACT_NOTHING"))).toThrow(
      'seccomp: unknown action "SCMP_ACT_NOTHING"',
    );
  });
});
