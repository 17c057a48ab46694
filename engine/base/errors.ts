/**
 * What went wrong, seen by whoever has to answer for it. The server maps a kind to an HTTP status once
 * (`engine/server/errors.ts`), so the code that throws never thinks about HTTP.
 */
export type ErrorKind =
  | "invalid" // the request itself is wrong
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "conflict" // the request is fine, the state of its object forbids it
  | "not-modified" // the object is already in the state asked for
  | "unavailable" // something that we depend on does not answer
  | "not-implemented"
  | "cancelled"
  | "system"; // the kernel refused, or we are at fault

/** An error with a {@link ErrorKind}; `cause` holds what lies beneath it. */
export class EngineError extends Error {
  readonly kind: ErrorKind;

  constructor(kind: ErrorKind, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "EngineError";
    this.kind = kind;
  }
}

/** The kind of any thrown value; what is not an {@link EngineError} counts as `system`. */
export function kindOf(error: unknown): ErrorKind {
  return error instanceof EngineError ? error.kind : "system";
}

/** The message of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Fails on a state that the code believes impossible. */
export function assert(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${what}`);
}
