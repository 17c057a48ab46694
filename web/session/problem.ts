import type { MachineErrorKind } from "../machine/machine-error.ts";

/** What a learner has to be told, and what they can do about it. */
export type ProblemKind =
  | "unsupported" // this browser lacks something: another one is needed
  | "memory" // other tabs have to go
  | "network" // the download failed: it can be tried again
  | "outdated" // page and machine do not belong together: the site was renewed, or lacks a file
  | "stuck" // the machine did not come up
  | "crash"; // it had been running

/** A failure as the session tells it. `detail` is for whoever has to mend it. */
export interface Problem {
  readonly kind: ProblemKind;
  readonly detail: string;
}

const WHILE_STARTING: Readonly<Record<MachineErrorKind, ProblemKind>> = {
  unsupported: "unsupported",
  memory: "memory",
  mismatch: "outdated",
  missing: "outdated",
  download: "network",
  guest: "stuck",
  state: "stuck",
};

/** What a machine's failure means to the learner; `started` when it had been running before. */
export function problemFrom(kind: MachineErrorKind, detail: string, started: boolean): Problem {
  return { kind: started ? "crash" : WHILE_STARTING[kind], detail };
}
