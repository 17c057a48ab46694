/** Why a call of the Engine API came to nothing. */
export type EngineCallErrorKind =
  | "unreachable" // no daemon takes connections, or it went away in the middle of its answer
  | "refused" // the daemon said no: the message is its own
  | "protocol"; // what came back is not HTTP as RFC 9112 has it

/** An error with an {@link EngineCallErrorKind}; `status` is the answer's, where there was one. */
export class EngineCallError extends Error {
  readonly kind: EngineCallErrorKind;
  readonly status: number | undefined;

  constructor(
    kind: EngineCallErrorKind,
    message: string,
    options: { cause?: unknown; status?: number } = {},
  ) {
    super(message, options);
    this.name = "EngineCallError";
    this.kind = kind;
    this.status = options.status;
  }
}
