/** Ends a command with an exit status of its own, where another failure ends it with 1. */
export class StatusError extends Error {
  readonly status: number;

  /** An empty message prints nothing. */
  constructor(status: number, message = "", options?: { cause?: unknown }) {
    super(message, options);
    this.name = "StatusError";
    this.status = status;
  }
}
