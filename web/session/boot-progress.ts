import type { MachineState } from "../machine/machine-state.ts";

/** What happens until there is a prompt, in this order. */
export type BootStep =
  | "download" // the machine and the emulator come in, and are compiled
  | "restore" // the saved machine is put into memory
  | "wake" // it goes on, and learns what time it is
  | "shell"; // a shell starts

export const BOOT_STEPS: readonly BootStep[] = ["download", "restore", "wake", "shell"];

/** How far a start has come. */
export interface BootProgress {
  readonly step: BootStep;
  /** Bytes of `total` that have come. */
  readonly loaded: number;
  readonly total: number;
}

/** Which step a machine's state belongs to; undefined for states outside of a start. */
export function bootStep(state: MachineState): BootStep | undefined {
  return STEP_OF[state];
}

const STEP_OF: Readonly<Partial<Record<MachineState, BootStep>>> = {
  booting: "restore",
  restoring: "restore",
  handshaking: "wake",
  running: "shell",
};
