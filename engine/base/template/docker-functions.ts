/** The functions that Docker's `--format` adds to Go's own. */
import { EngineError } from "../errors.ts";
import { byteLength, sliceBytes } from "../utf8.ts";
import type { FunctionTable, TemplateFunction } from "./functions.ts";
import { encodeJson } from "./json.ts";

/** Docker's functions; arguments come in this order, the piped value last. */
export const dockerFunctions: FunctionTable = {
  join: {
    parameters: ["[]string", "string"],
    call: (parts: string[], separator: string) => parts.join(separator),
  },
  json: { parameters: ["any"], call: encodeJson },
  lower: { parameters: ["string"], call: (text: string) => text.toLowerCase() },
  pad: { parameters: ["string", "int", "int"], call: pad },
  split: { parameters: ["string", "string"], call: split },
  title: { parameters: ["string"], call: title },
  truncate: { parameters: ["string", "int"], call: truncate },
  upper: { parameters: ["string"], call: (text: string) => text.toUpperCase() },
};

/**
 * The same functions for the header of a table, whose data are the columns' titles: all but `pad` leave
 * them as they are.
 */
export const headerFunctions: FunctionTable = {
  ...dockerFunctions,
  join: unchanged("string"),
  json: unchanged(),
  lower: unchanged(),
  split: unchanged("string"),
  title: unchanged(),
  truncate: unchanged("int"),
  upper: unchanged(),
};

function unchanged(...further: ("int" | "string")[]): TemplateFunction {
  return { parameters: ["string", ...further], call: (column: string) => column };
}

function split(text: string, separator: string): string[] {
  return separator === "" ? Array.from(text) : text.split(separator);
}

// oxlint-disable-next-line no-control-regex -- the range is what ASCII means
const wordStart = /(?<!\w|[^\0-\x7f\s])\p{L}/gu;

/** Every word with a capital. Go lets a word end at any ASCII sign, but beyond ASCII only at a space. */
function title(text: string): string {
  return text.replace(wordStart, letter => letter.toUpperCase());
}

function pad(text: string, before: number, after: number): string {
  if (text === "") return text;
  if (before < 0 || after < 0) throw new EngineError("invalid", "strings: negative Repeat count");
  return " ".repeat(before) + text + " ".repeat(after);
}

/** The first `length` bytes. */
function truncate(text: string, length: number): string {
  if (byteLength(text) < length) return text;
  if (length < 0) {
    throw new EngineError("invalid", `runtime error: slice bounds out of range [:${length}]`);
  }
  return sliceBytes(text, 0, length);
}
