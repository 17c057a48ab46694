import type { HttpHead } from "../bytes.ts";

const LARGEST = 64 * 1024;

/** The head of an HTTP message, by the same rules as the native parser's (engine/native/runtime/mod_http.c). */
export function parseHttpHead(bytes: Uint8Array, start: number, end: number): HttpHead | null {
  const text = Buffer.from(bytes.subarray(start, end)).toString("latin1");
  const match = /^[^\n]*\n(?:(?!\r?\n)[^\n]*\n)*\r?\n/.exec(text);
  const [head] = match ?? [];
  if ((head ?? text).length > LARGEST) throw new RangeError("header too large");
  if (head === undefined) return null;
  const [line = "", ...rest] = head.split("\n").map(part => part.replace(/\r$/, ""));
  const fields: string[] = [];
  for (const field of rest) {
    if (field === "") break;
    const parsed = /^([^:]*[^:\s]):[ \t]*(.*?)[ \t]*$/.exec(field);
    if (!parsed) throw new SyntaxError("malformed header field");
    const [, name = "", value = ""] = parsed;
    fields.push(name.toLowerCase(), Buffer.from(value, "latin1").toString("utf8"));
  }
  return [head.length, line, ...fields];
}
