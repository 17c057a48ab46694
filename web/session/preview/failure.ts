import { HttpError, type HttpErrorKind } from "../../http/http-error.ts";
import { LinkError } from "../../protocol/link-error.ts";

/** Why a page of the preview cannot be shown. */
export type PreviewFailure =
  | "refused" // nothing listens on the port
  | "closed" // the server, or its container, ended before it had answered
  | "timeout" // it did not answer
  | "malformed" // what it said is no HTTP
  | "machine"; // the machine does not run

const BY_CODE: Readonly<Record<string, PreviewFailure>> = {
  ECONNREFUSED: "refused",
  EHOSTUNREACH: "refused",
  ENETUNREACH: "refused",
  ETIMEDOUT: "timeout",
  ENOTCONN: "machine",
};

const BY_KIND: Readonly<Record<HttpErrorKind, PreviewFailure>> = {
  closed: "closed",
  incomplete: "closed",
  malformed: "malformed",
  "too-large": "malformed",
};

/** What went wrong with a request to the guest, by the error that it ended with; undefined for errors of our own. */
export function previewFailure(error: unknown): PreviewFailure | undefined {
  if (error instanceof HttpError) return BY_KIND[error.kind];
  if (error instanceof LinkError) return BY_CODE[error.code] ?? "closed";
  return undefined;
}

/** A failure for a person. */
export interface FailureText {
  readonly title: string;
  readonly advice: string;
}

/** A page that tells of a failure, with a link that tries again. */
export function failurePage({ title, advice }: FailureText, again: string): string {
  return `<!doctype html>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-inline-size: 34rem; margin: 12vh auto; padding: 0 1.5rem; }
  h1 { font-size: 1.3rem; }
</style>
<h1>${escaped(title)}</h1>
<p>${escaped(advice)}</p>
<p><a href="">${escaped(again)}</a></p>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
