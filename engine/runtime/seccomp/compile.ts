import { EngineError } from "../../base/errors.ts";
import type { SeccompArgument, SeccompCondition, SeccompProfile, SeccompRule } from "./profile.ts";
import { I386_CALLS, X86_64_CALLS } from "./syscall-numbers.ts";

/** One classic BPF instruction (bpf(4), struct sock_filter). */
interface Instruction {
  readonly code: number;
  readonly jumpTrue: number;
  readonly jumpFalse: number;
  readonly k: number;
}

/** A machine's calling convention (linux/audit.h), with Docker's and the profile's name for it. */
interface Architecture {
  readonly audit: number;
  readonly name: string;
  readonly calls: string;
}

const ARCHITECTURES: readonly Architecture[] = [
  { audit: 0x4000_0003, name: "x86", calls: I386_CALLS },
  { audit: 0xc000_003e, name: "amd64", calls: X86_64_CALLS },
];

// Offsets in struct seccomp_data (seccomp(2)).
const NUMBER = 0;
const ARCHITECTURE = 4;
const ARGUMENTS = 16;

const LOAD = 0x20; // BPF_LD|BPF_W|BPF_ABS
const AND = 0x54; // BPF_ALU|BPF_AND|BPF_K
const IF_EQUAL = 0x15;
const IF_GREATER = 0x25;
const IF_AT_LEAST = 0x35;
const RETURN = 0x06;

const ALLOW = 0x7fff_0000;
const ERRNO = 0x0005_0000;
const ENOSYS = 38;

const ACTIONS: Readonly<Record<string, number>> = {
  SCMP_ACT_KILL: 0x0000_0000,
  SCMP_ACT_KILL_THREAD: 0x0000_0000,
  SCMP_ACT_KILL_PROCESS: 0x8000_0000,
  SCMP_ACT_TRAP: 0x0003_0000,
  SCMP_ACT_ERRNO: ERRNO,
  SCMP_ACT_TRACE: 0x7ff0_0000,
  SCMP_ACT_LOG: 0x7ffc_0000,
  SCMP_ACT_ALLOW: ALLOW,
};

function actionValue(action: string, errno: number | undefined): number {
  const value = ACTIONS[action];
  if (value === undefined) throw new EngineError("invalid", `seccomp: unknown action "${action}"`);
  return action === "SCMP_ACT_ERRNO" || action === "SCMP_ACT_TRACE" ? value | (errno ?? 1) : value;
}

function statement(code: number, k: number): Instruction {
  return { code, jumpTrue: 0, jumpFalse: 0, k };
}

function jump(code: number, k: number, jumpTrue: number, jumpFalse: number): Instruction {
  return { code, jumpTrue, jumpFalse, k };
}

function kernelAtLeast(release: string, wanted: string): boolean {
  const [major = 0, minor = 0] = release.split(".").map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split(".").map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** Where a rule's conditions are looked up. */
interface Context {
  readonly architecture: string;
  readonly capabilities: ReadonlySet<string>;
  readonly release: string;
}

function applies(rule: SeccompRule, context: Context): boolean {
  const { includes, excludes } = rule;
  if (includes?.arches && !includes.arches.includes(context.architecture)) return false;
  if (includes?.caps && !includes.caps.every(cap => context.capabilities.has(cap))) return false;
  if (includes?.minKernel && !kernelAtLeast(context.release, includes.minKernel)) return false;
  return !excludes || !isExcluded(excludes, context);
}

function isExcluded(condition: SeccompCondition, context: Context): boolean {
  if (condition.arches?.includes(context.architecture)) return true;
  if (condition.caps?.some(cap => context.capabilities.has(cap))) return true;
  return condition.minKernel !== undefined && kernelAtLeast(context.release, condition.minKernel);
}

/**
 * The test of one argument: falls through where it holds, else jumps by `miss` beyond its own end. Only the low
 * 32 bits are looked at, which is where the profile's values lie and all that a 32-bit process has.
 */
function argumentTest(argument: SeccompArgument, miss: number): Instruction[] {
  const load = statement(LOAD, ARGUMENTS + 8 * argument.index);
  switch (argument.op) {
    case "SCMP_CMP_EQ":
      return [load, jump(IF_EQUAL, argument.value, 0, miss)];
    case "SCMP_CMP_NE":
      return [load, jump(IF_EQUAL, argument.value, miss, 0)];
    case "SCMP_CMP_GT":
      return [load, jump(IF_GREATER, argument.value, 0, miss)];
    case "SCMP_CMP_GE":
      return [load, jump(IF_AT_LEAST, argument.value, 0, miss)];
    case "SCMP_CMP_LT":
      return [load, jump(IF_AT_LEAST, argument.value, miss, 0)];
    case "SCMP_CMP_LE":
      return [load, jump(IF_GREATER, argument.value, miss, 0)];
    case "SCMP_CMP_MASKED_EQ":
      return [load, statement(AND, argument.value), jump(IF_EQUAL, argument.valueTwo ?? 0, 0, miss)];
  }
}

/** The rules of one call as a block that always returns. */
function callBlock(rules: readonly SeccompRule[], fallback: number): Instruction[] {
  const block: Instruction[] = [];
  for (const rule of rules) {
    const action = statement(RETURN, actionValue(rule.action, rule.errnoRet));
    const tests: Instruction[] = [];
    for (const argument of (rule.args ?? []).toReversed())
      tests.unshift(...argumentTest(argument, tests.length + 1));
    block.push(...tests, action);
    if (tests.length === 0) return block; // nothing behind an unconditional rule can be reached
  }
  block.push(statement(RETURN, fallback));
  return block;
}

/** Which rules name each call, by its number. A call that is always allowed has just that one. */
function rulesByNumber(rules: readonly SeccompRule[], calls: readonly string[]): Map<number, SeccompRule[]> {
  const numbers = new Map<string, number>();
  for (let number = 0; number < calls.length; number++) numbers.set(calls[number] ?? "-", number);
  const found = new Map<number, SeccompRule[]>();
  for (const rule of rules)
    for (const name of rule.names) {
      const number = numbers.get(name);
      if (number === undefined) continue;
      const list = found.get(number);
      if (list) list.push(rule);
      else found.set(number, [rule]);
    }
  return found;
}

function isPlainAllow(rules: readonly SeccompRule[]): boolean {
  return rules.some(rule => rule.action === "SCMP_ACT_ALLOW" && !rule.args?.length);
}

/** Runs of neighbouring numbers. */
function ranges(sorted: readonly number[]): [first: number, last: number][] {
  const found: [number, number][] = [];
  for (const number of sorted) {
    const last = found.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else found.push([number, number]);
  }
  return found;
}

/** What runs once the architecture is known: calls with conditions first, then the ranges that are allowed. */
function section(profile: SeccompProfile, context: Context, calls: readonly string[]): Instruction[] {
  const fallback = actionValue(profile.defaultAction, profile.defaultErrnoRet);
  const rules = rulesByNumber(
    profile.syscalls.filter(rule => applies(rule, context)),
    calls,
  );
  const code: Instruction[] = [statement(LOAD, NUMBER)];
  const allowed: number[] = [];
  for (const [number, list] of [...rules].toSorted((a, b) => a[0] - b[0])) {
    if (isPlainAllow(list)) {
      allowed.push(number);
      continue;
    }
    const block = callBlock(list, fallback);
    code.push(jump(IF_EQUAL, number, 0, block.length), ...block);
  }
  // Numbers that are younger than the profile: as if the kernel did not have them, so that libc falls back.
  if (fallback !== ALLOW) code.push(jump(IF_AT_LEAST, calls.length, 0, 1), statement(RETURN, ERRNO | ENOSYS));
  for (const [first, last] of ranges(allowed))
    code.push(jump(IF_AT_LEAST, first, 0, 2), jump(IF_GREATER, last, 1, 0), statement(RETURN, ALLOW));
  code.push(statement(RETURN, fallback));
  return code;
}

/** A number's bytes, the lowest first. */
function digits(value: number, bytes: number): string {
  let text = "";
  for (let i = 0; i < bytes; i++) text += ((value >>> (8 * i)) & 0xff).toString(16).padStart(2, "0");
  return text;
}

function hex(instruction: Instruction): string {
  const { code, jumpTrue, jumpFalse, k } = instruction;
  return digits(code, 2) + digits(jumpTrue, 1) + digits(jumpFalse, 1) + digits(k >>> 0, 4);
}

/**
 * Compiles a profile for a container with these capabilities ("CAP_CHOWN") on this kernel ("6.1.0"), into the
 * hexadecimal digits of a little-endian BPF program for seccomp(2), 16 for each instruction.
 */
export function compileSeccomp(
  profile: SeccompProfile,
  capabilities: ReadonlySet<string>,
  release: string,
): string {
  const code: Instruction[] = [];
  for (const { audit, name, calls } of ARCHITECTURES) {
    const body = section(profile, { architecture: name, capabilities, release }, calls.split(" "));
    // A conditional jump reaches 255 instructions; a section is longer, so a plain jump (BPF_JA) steps over it.
    code.push(
      statement(LOAD, ARCHITECTURE),
      jump(IF_EQUAL, audit, 1, 0),
      statement(0x05, body.length),
      ...body,
    );
  }
  code.push(statement(RETURN, ACTIONS["SCMP_ACT_KILL_PROCESS"] ?? 0));
  return code.map(hex).join("");
}
