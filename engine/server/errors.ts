import type { ErrorBody } from "../api/system.ts";
import { type ErrorKind, kindOf, messageOf } from "../base/errors.ts";

/** The one place where an error's kind becomes an HTTP status. */
const statusOf: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  "not-modified": 304,
  unavailable: 503,
  "not-implemented": 501,
  cancelled: 499,
  system: 500,
};

/** How a thrown value is answered. */
export function errorAnswer(error: unknown): { status: number; body: ErrorBody } {
  const kind = kindOf(error);
  return { status: statusOf[kind], body: { message: messageOf(error) } };
}
