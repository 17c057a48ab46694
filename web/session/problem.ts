import type { MachineErrorKind } from "../machine/machine-error.ts";

/** What a learner has to be told, and what they can do about it. */
export type ProblemKind =
  | "unsupported" // this browser lacks something: another one is needed
  | "memory" // other tabs have to go
  | "network" // the download failed: it can be tried again
  | "outdated" // page and machine do not belong together: the site was renewed, or lacks a file
  | "saved" // the machine that was kept is another build's, or damaged
  | "stuck" // the machine did not come up
  | "crash"; // it had been running

/** A failure as the session tells it. `detail` is for whoever has to mend it. */
export interface Problem {
  readonly kind: ProblemKind;
  readonly detail: string;
  /** Whether the machine was one that had been saved: starting afresh is a way out then. */
  readonly fromSaved: boolean;
}

/** What a machine was doing when it failed. */
export interface Circumstances {
  /** It had been running. */
  readonly started: boolean;
  /** It had been saved, and was not started from the site's own snapshot. */
  readonly fromSaved: boolean;
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

/** What a machine's failure means to the learner. */
export function problemFrom(
  kind: MachineErrorKind,
  detail: string,
  { started, fromSaved }: Circumstances,
): Problem {
  if (started) return { kind: "crash", detail, fromSaved };
  return { kind: fromSaved && kind === "mismatch" ? "saved" : WHILE_STARTING[kind], detail, fromSaved };
}
