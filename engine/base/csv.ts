/** One record of comma-separated values (RFC 4180), as flags like `--mount` take it; errors in Go's words. */
import { EngineError } from "./errors.ts";
import { byteLength } from "./utf8.ts";

const bareField = /[^,\n]*/y;
const quotedField = /"((?:[^"]|"")*)"(?!")/y;
const lineEnd = /\r?(?:\n|$)/y;

/** The fields of the first record in `text`; what follows on further lines is ignored. */
export function parseCsvRecord(text: string): string[] {
  const start = emptyLinesLength(text);
  if (start === text.length) throw new EngineError("invalid", "EOF");
  if (!text.includes('"')) return (text.slice(start).split(/\r?\n/, 1)[0] ?? "").split(",");
  const fields: string[] = [];
  for (let at = start; ; ) {
    const { field, end } = text[at] === '"' ? readQuoted(text, at) : readBare(text, at);
    fields.push(field);
    if (text[end] !== ",") return fields;
    at = end + 1;
  }
}

function readBare(text: string, start: number): { field: string; end: number } {
  bareField.lastIndex = start;
  const raw = bareField.exec(text)?.[0] ?? "";
  const quote = raw.indexOf('"');
  if (quote !== -1) throw fault(text, start + quote, 'bare " in non-quoted-field');
  const end = start + raw.length;
  return { field: text[end] === "\n" ? raw.replace(/\r$/, "") : raw, end };
}

function readQuoted(text: string, start: number): { field: string; end: number } {
  const what = 'extraneous or missing " in quoted-field';
  quotedField.lastIndex = start;
  const content = quotedField.exec(text)?.[1];
  if (content === undefined) throw fault(text, text.length, what);
  const end = start + content.length + 2;
  lineEnd.lastIndex = end;
  if (text[end] !== "," && !lineEnd.test(text)) throw fault(text, end - 1, what);
  return { field: content.replaceAll('""', '"'), end };
}

function fault(text: string, position: number, what: string): EngineError {
  const lines = text.slice(0, position).split("\n");
  const firstLine = text.slice(0, emptyLinesLength(text)).split("\n").length;
  const column = byteLength(lines.at(-1) ?? "") + 1;
  const place = `parse error on line ${lines.length}, column ${column}: ${what}`;
  return new EngineError(
    "invalid",
    lines.length === firstLine ? place : `record on line ${firstLine}; ${place}`,
  );
}

function emptyLinesLength(text: string): number {
  return /^(?:\r?\n)*/.exec(text)?.[0].length ?? 0;
}
