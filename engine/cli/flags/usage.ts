/** Lays out the flags of a command for its help, as spf13/pflag does for Docker. */
import type { Flag, FlagTable } from "./flag.ts";

/** The columns of a terminal whose width is not known, less one to keep from its edge. */
export const defaultColumns = 79;

/** The indent of a text for which there would be too little room beside its flag. */
const narrowIndent = 16;
const leastRoom = 24;
/** How far a last line may go beyond the others, so that no short word stands alone. */
const slack = 5;

/** A line a flag, sorted by name and wrapped to `columns`; empty when no flag is shown. */
export function renderFlags(table: FlagTable, columns = defaultColumns): string {
  const rows = Object.keys(table)
    .toSorted()
    .flatMap(name => {
      const flag = table[name];
      const isShown = flag !== undefined && flag.hidden !== true && flag.deprecated === undefined;
      return isShown ? [{ left: nameColumn(name, flag), text: usageText(flag) }] : [];
    });
  const width = Math.max(0, ...rows.map(({ left }) => left.length));
  const indent = width + 3;
  return rows
    .map(({ left, text }) => `${left.padEnd(indent)}${wrap(text, indent, columns)}`)
    .join("\n")
    .trimEnd();
}

function nameColumn(name: string, { short, shortDeprecated, type }: Flag): string {
  const names =
    short !== undefined && shortDeprecated === undefined ? `  -${short}, --${name}` : `      --${name}`;
  const word = type.word === "" ? "" : ` ${type.word}`;
  if (type.alone === undefined || (type.word === "" && type.alone === "true")) return names + word;
  return `${names}${word}[=${type.word === "string" ? JSON.stringify(type.alone) : type.alone}]`;
}

function usageText({ usage, type }: Flag): string {
  return type.shown === "" ? usage : `${usage} (default ${type.shown})`;
}

/** `text` in lines of at most `columns`, all but the first with `indent` spaces before them. */
function wrap(text: string, indent: number, columns: number): string {
  if (columns - indent >= leastRoom) return wrapLines(text, columns - indent).join(`\n${" ".repeat(indent)}`);
  const newLine = `\n${" ".repeat(narrowIndent)}`;
  if (columns - narrowIndent < leastRoom) return text.replaceAll("\n", newLine);
  return newLine + wrapLines(text, columns - narrowIndent).join(newLine);
}

function wrapLines(text: string, room: number): string[] {
  const lines: string[] = [];
  for (let rest = text; rest !== ""; ) {
    const end = lineEnd(rest, room);
    lines.push(...rest.slice(0, end).split("\n"));
    rest = rest.slice(end + 1);
  }
  return lines;
}

/** Where the next line of `text` ends: at the last space that fits, or at a line break before it. */
function lineEnd(text: string, room: number): number {
  if (room > text.length) return text.length;
  const fitting = text.slice(0, room - slack);
  const space = Math.max(fitting.lastIndexOf(" "), fitting.lastIndexOf("\t"), fitting.lastIndexOf("\n"));
  if (space <= 0) return text.length;
  const lineBreak = fitting.lastIndexOf("\n");
  return lineBreak > 0 ? lineBreak : space;
}
