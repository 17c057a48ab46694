import { capabilityMask } from "./capabilities.ts";
import type { ProcessSpec } from "./process-spec.ts";
import type { ProgramRecord } from "./program.ts";

/**
 * The steps that every process of a container ends with, from a new session to the program itself. The order is
 * the kernel's: rights are needed to give rights away (capabilities(7), seccomp(2)).
 */
export function processSteps(process: ProcessSpec, options: { bindConsole: boolean }): ProgramRecord[] {
  const { user, terminal } = process;
  const capabilities = capabilityMask(process.capabilities);
  const steps: ProgramRecord[] = [["session"]];
  if (terminal)
    steps.push(["console", terminal.rows, terminal.columns, user.uid, options.bindConsole ? 1 : 0]);
  else steps.push(["own-stdio", user.uid]);
  for (const limit of process.rlimits) steps.push(["rlimit", limit.resource, limit.soft, limit.hard]);
  const seccomp: ProgramRecord[] = process.seccomp === null ? [] : [["seccomp", process.seccomp]];
  // Without no_new_privs only CAP_SYS_ADMIN may install a filter; with it the filter can wait until the end.
  if (process.noNewPrivileges) steps.push(["no-new-privileges"]);
  else steps.push(...seccomp);
  steps.push(
    ["bounding", capabilities],
    ["groups", ...user.groups],
    ["user", user.uid, user.gid],
    ["capabilities", capabilities, capabilities, "0", "0"],
    ["chdir", process.cwd],
    ["environment", ...process.env],
  );
  if (process.noNewPrivileges) steps.push(...seccomp);
  const [command = "", ...args] = process.args;
  steps.push(["exec", command, ...args]);
  return steps;
}
