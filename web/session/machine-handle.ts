import type { MachineError } from "../machine/machine-error.ts";
import type { Machine } from "../machine/machine.ts";

/** A machine together with whatever runs it, which may break in ways that the machine cannot tell. */
export interface MachineHandle {
  readonly machine: Machine;
  /** Resolves when whatever runs the machine answers. */
  ping(): Promise<void>;
  /** Sets who is told that it broke. */
  onBroken(listener: (error: MachineError) => void): void;
  /** Ends it at once, with everything in it. */
  terminate(): void;
}

/** Makes a machine that is off; throws where the browser cannot. */
export type MakeMachine = () => MachineHandle;
