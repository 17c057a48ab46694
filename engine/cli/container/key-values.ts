/** Environment variables and labels, from flags and from files. */
import { EngineError } from "../../base/errors.ts";
import type { CommandContext } from "../context.ts";
import { readUserFile } from "../user-files.ts";

/**
 * The entries of files (`KEY=VALUE` a line, comments behind `#`). A key alone gets its value from `lookUp`, and is left
 * out where that has none.
 */
function fileEntries(
  context: CommandContext,
  path: string,
  lookUp: (key: string) => string | undefined,
): string[] {
  const fault = (what: string): EngineError =>
    new EngineError("invalid", `invalid env file (${path}): ${what}`);
  const entries: string[] = [];
  for (const whole of readUserFile(context, path)
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)) {
    const line = whole.trimStart();
    if (line === "" || line.startsWith("#")) continue;
    const [key = ""] = line.split("=", 1);
    if (key === "") throw fault(`no variable name on line '${line}'`);
    if (/[ \t]/.test(key)) throw fault(`variable '${key}' contains whitespaces`);
    const value = line.includes("=") ? undefined : lookUp(key);
    if (line.includes("=")) entries.push(line);
    else if (value !== undefined) entries.push(`${key}=${value}`);
  }
  return entries;
}

/** What `--env-file` and `--env` set; a variable named without a value is the user's own. */
export function environmentEntries(
  context: CommandContext,
  files: readonly string[],
  entries: readonly string[],
): string[] {
  const lookUp = (key: string): string | undefined => context.session.env(key);
  return [
    ...files.flatMap(path => fileEntries(context, path, lookUp)),
    ...entries.map(entry => {
      const value = entry.includes("=") ? undefined : lookUp(entry);
      return value === undefined ? entry : `${entry}=${value}`;
    }),
  ];
}

/** Checks one value of `--label`. Throws "invalid" where its name can't be one. */
export function label(text: string): string {
  const name = (text.split("=", 1)[0] ?? "").replace(/^[ \t]+/, "");
  if (name === "") throw new EngineError("invalid", `invalid label '${text}': empty name`);
  if (/[ \t]/.test(name)) throw new EngineError("invalid", `label '${name}' contains whitespaces`);
  return text;
}

/** What `--label-file` and `--label` set. */
export function labelMap(
  context: CommandContext,
  files: readonly string[],
  entries: readonly string[],
): Record<string, string> {
  const all = [...files.flatMap(path => fileEntries(context, path, () => undefined)), ...entries];
  return pairMap(all);
}

/** `KEY=VALUE` entries by key; a key alone has an empty value. */
export function pairMap(entries: readonly string[], separator = "="): Record<string, string> {
  const pairs = entries.map(entry => {
    const at = entry.indexOf(separator);
    return at < 0 ? [entry, ""] : [entry.slice(0, at), entry.slice(at + 1)];
  });
  return sortedByKey(Object.fromEntries(pairs));
}

/** The same in the order of keys, which is how the daemon keeps it and `docker inspect` shows it. */
export function sortedByKey<Value>(map: Readonly<Record<string, Value>>): Record<string, Value> {
  const keys = Object.keys(map);
  if (keys.length < 2) return map;
  return Object.fromEntries(Object.entries(map).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
