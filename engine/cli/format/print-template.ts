import { messageOf } from "../../base/errors.ts";
import { parseTemplate, type Template } from "../../base/template/template.ts";
import { StatusError } from "../status-error.ts";

/** What a bad template ends with (sysexits(3), EX_USAGE). */
const BAD_FORMAT_STATUS = 64;

/** Parses `--format` of commands that print one thing. `name` is the template's in messages. */
export function parseFormat(format: string, what: string, name = ""): Template {
  try {
    return parseTemplate(name, format === "json" ? "{{json .}}" : format);
  } catch (cause) {
    throw new StatusError(BAD_FORMAT_STATUS, `${what}: ${messageOf(cause)}`, { cause });
  }
}
