/** Why an answer could not be read. */
export type HttpErrorKind =
  | "closed" // the connection ended before there was an answer
  | "incomplete" // it ended in the middle of the body
  | "malformed" // what came is no HTTP/1.1
  | "too-large"; // the head is longer than anybody needs

/** An error with an {@link HttpErrorKind}. */
export class HttpError extends Error {
  readonly kind: HttpErrorKind;

  constructor(kind: HttpErrorKind, message: string) {
    super(message);
    this.name = "HttpError";
    this.kind = kind;
  }
}
