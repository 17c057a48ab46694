import type { ErrorBody } from "../api/system.ts";
import { EngineError, type ErrorKind } from "../base/errors.ts";

/** The daemon could not be reached, or broke off. */
export class ConnectionError extends EngineError {
  constructor(message: string, options?: { cause?: unknown }) {
    super("unavailable", message, options);
    this.name = "ConnectionError";
  }
}

const kinds: Readonly<Record<number, ErrorKind>> = {
  401: "unauthorized",
  403: "forbidden",
  404: "not-found",
  409: "conflict",
  501: "not-implemented",
  503: "unavailable",
};

/** What an error answer says, in the words of Docker's client. */
export function answerError(status: number, contentType: string, body: string, url: string): EngineError {
  const kind = kinds[status] ?? (status < 500 ? "invalid" : "system");
  if (body === "") {
    return new EngineError(
      kind,
      `request returned ${status} for API route and version ${url}, check if the server supports the requested API version`,
    );
  }
  return new EngineError(kind, `Error response from daemon: ${answerText(status, contentType, body)}`);
}

function answerText(status: number, contentType: string, body: string): string {
  if (contentType !== "application/json") return body.trim();
  const message = messageIn(body)?.trim();
  return message || `API returned a ${status} but provided no error-message`;
}

function messageIn(body: string): string | undefined {
  try {
    const { message }: Partial<ErrorBody> = JSON.parse(body);
    return message;
  } catch {
    return body; // a proxy's words, under a wrong label
  }
}
