/** Why a stream or the link failed. `code` is the name of an errno, as the guest's kernel would say it. */
export class LinkError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "LinkError";
    this.code = code;
  }

  /** From the reason of a RESET frame: `ECONNREFUSED: connect: Connection refused`. */
  static fromReason(reason: string): LinkError {
    const [, code, message] = /^(E[A-Z0-9]+): (.*)$/s.exec(reason) ?? [];
    if (code === undefined || message === undefined) return new LinkError("ECONNRESET", reason || "reset");
    return new LinkError(code, message);
  }
}
