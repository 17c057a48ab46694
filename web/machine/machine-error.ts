/** What went wrong with a machine, seen by whoever has to tell the user. */
export type MachineErrorKind =
  | "unsupported" // this browser cannot run the machine
  | "memory" // there is not enough memory for it
  | "mismatch" // a saved state was made by another version, or is damaged
  | "download" // a file could not be fetched
  | "missing" // a file is not where it should be
  | "guest" // the guest did not come up, or died
  | "state"; // the machine is not in the state that the call needs

/** An error with a {@link MachineErrorKind}; `cause` holds what lies beneath it. */
export class MachineError extends Error {
  readonly kind: MachineErrorKind;

  constructor(kind: MachineErrorKind, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "MachineError";
    this.kind = kind;
  }

  /** Any thrown value as a machine's error; what has no kind is of `kind`. */
  static from(error: unknown, kind: MachineErrorKind): MachineError {
    if (error instanceof MachineError) return error;
    return new MachineError(kind, error instanceof Error ? error.message : String(error), { cause: error });
  }
}
