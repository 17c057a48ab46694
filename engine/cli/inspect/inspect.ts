/** Prints objects as `docker inspect` does: as JSON, or after a template. */
import { EngineError, messageOf } from "../../base/errors.ts";
import type { Template } from "../../base/template/template.ts";
import type { CommandContext } from "../context.ts";
import { StatusError } from "../status-error.ts";
import { apiTypes } from "./api-types.ts";

/** An object as the daemon tells of it: JSON text, and its type in {@link apiTypes}. */
export interface Inspected {
  readonly text: string;
  readonly type: string;
  /** Whether templates may use no names but those of Go's type. */
  readonly isStrict?: boolean;
}

/** What a bad template ends with (sysexits(3), EX_USAGE). */
const BAD_FORMAT_STATUS = 64;
const INDENT = 4;

/** Inspects objects by name. Those that fail are told at the end, behind what is known of the others. */
export async function inspectAll(
  { stdout, templates }: CommandContext,
  names: readonly string[],
  format: string,
  find: (name: string) => Promise<Inspected>,
): Promise<void> {
  const isJson = format === "" || format === "json";
  const template = isJson ? null : parseFormat(() => templates.get(format));
  const parts: string[] = [];
  const failures: string[] = [];
  for (const name of names) {
    try {
      const object = await find(name);
      parts.push(template ? fill(template, object) : object.text);
    } catch (error) {
      failures.push(messageOf(error));
    }
  }
  await stdout.write(template ? parts.join("") || "\n" : `${listText(parts, format === "json")}\n`);
  if (failures.length > 0) throw new EngineError("invalid", failures.join("\n"));
}

function parseFormat(parse: () => Template): Template {
  try {
    return parse();
  } catch (cause) {
    throw new StatusError(BAD_FORMAT_STATUS, `template parsing error: ${messageOf(cause)}`, { cause });
  }
}

function listText(parts: readonly string[], isCompact: boolean): string {
  if (parts.length === 0) return "[]";
  const list: unknown = JSON.parse(`[${parts.join(",")}]`);
  return JSON.stringify(list, null, isCompact ? 0 : INDENT);
}

/** Names of Go's types go first; JSON's own are tried where a template uses another. */
function fill(template: Template, { text, type, isStrict = false }: Inspected): string {
  const object: unknown = JSON.parse(text);
  if (isStrict) return parsingErrors(() => `${template.execute(apiTypes.value(type, object))}\n`);
  try {
    return `${template.execute(apiTypes.value(type, object))}\n`;
  } catch {
    return parsingErrors(() => `${template.execute(object, { failOnMissingKey: true })}\n`);
  }
}

function parsingErrors<T>(attempt: () => T): T {
  try {
    return attempt();
  } catch (cause) {
    throw new EngineError("invalid", `template parsing error: ${messageOf(cause)}`, { cause });
  }
}
