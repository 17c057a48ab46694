/** Prints objects as a table, as JSON or after a template: what `--format` chooses. */
import { EngineError, messageOf } from "../../base/errors.ts";
import { headerFunctions, type Template } from "../../base/template/template.ts";
import { alignColumns } from "../table.ts";
import type { TemplateCache } from "./template-cache.ts";

/** The titles of columns by the names of fields. */
export type Headers = Readonly<Record<string, string>>;

/** The title of a column that shows one label: the last part of the label's name. */
function labelTitle(name: string): string {
  const [last = ""] = name.split(".").slice(-1);
  return last.replace(/[-_]/g, " ");
}

const TABLE = "table";
const escapes: Readonly<Record<string, string>> = { "\\t": "\t", "\\n": "\n" };

/** The text for rows. Fails as Docker does: `template parsing error: ...`. */
export function renderRows(
  format: string,
  rows: readonly object[],
  headers: Headers,
  templates: TemplateCache,
): string {
  const isTable = format.startsWith(TABLE);
  const template = templateFor(isTable ? format.slice(TABLE.length) : format, templates);
  let text = "";
  for (const row of rows) text += `${executed(template, row)}\n`;
  return isTable ? alignColumns(`${headerLine(template, headers)}\n${text}`) : text;
}

function templateFor(format: string, templates: TemplateCache): Template {
  const trimmed = format === "json" ? "{{json .}}" : format.replace(/^ +| +$/g, "");
  const text = trimmed.includes("\\")
    ? trimmed.replace(/\\[tn]/g, escape => escapes[escape] ?? escape)
    : trimmed;
  return parsed(() => templates.get(text));
}

function executed(template: Template, row: object): string {
  return parsed(() => template.execute(row));
}

function parsed<T>(attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    throw new EngineError("invalid", `template parsing error: ${messageOf(error)}`, { cause: error });
  }
}

/** Whatever goes wrong with titles alone is left out. */
function headerLine(template: Template, headers: Headers): string {
  try {
    return template.execute({ ...headers, Label: labelTitle }, { functions: headerFunctions });
  } catch {
    return "";
  }
}
