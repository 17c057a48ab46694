import { MachineError } from "./machine-error.ts";

/** Where a machine is in its life. */
export type MachineState =
  | "off"
  | "loading" // files are fetched and the emulator is made
  | "booting" // the kernel starts from scratch
  | "restoring" // a saved state is put into the emulator
  | "handshaking" // the guest is told who and when it is
  | "running"
  | "stopped" // its clock stands still
  | "failed";

/** Which states may follow each. */
export const NEXT_STATES: Readonly<Record<MachineState, readonly MachineState[]>> = {
  off: ["loading"],
  loading: ["booting", "restoring", "failed", "off"],
  booting: ["handshaking", "failed", "off"],
  restoring: ["handshaking", "failed", "off"],
  handshaking: ["running", "failed", "off"],
  running: ["stopped", "failed", "off"],
  stopped: ["running", "failed", "off"],
  failed: ["off"],
};

/** The state after a step to `next`; throws a {@link MachineError} of kind `state` when there is no such step. */
export function step(from: MachineState, next: MachineState): MachineState {
  if (NEXT_STATES[from].includes(next)) return next;
  throw new MachineError("state", `a machine that is ${from} cannot become ${next}`);
}
