/**
 * Aligns columns separated by tabs, as the elastic tab stops of Go's text/tabwriter do: a column is as wide
 * as its widest cell, and ends where a line lacks it.
 */
import { isAscii } from "../base/utf8.ts";
import { displayWidth } from "./text-width.ts";

/** How wide columns are at least, and how many spaces follow the widest cell; the former includes the latter. */
export interface ColumnLayout {
  readonly minWidth: number;
  readonly padding: number;
}

/** The layout of `docker ps` and all tables made after a format. */
export const formatLayout: ColumnLayout = { minWidth: 10, padding: 3 };
/** The layout of `docker top`. */
export const topLayout: ColumnLayout = { minWidth: 20, padding: 3 };
/** The layout of `docker version`. */
export const versionLayout: ColumnLayout = { minWidth: 20, padding: 1 };

/** `text` with its tabs replaced by spaces; what follows a line's last tab is no column and not padded. */
export function alignColumns(text: string, layout: ColumnLayout = formatLayout): string {
  if (!text.includes("\t")) return text;
  const rows = text.split("\n").map(line => line.split("\t"));
  // At the very end of the text a tab opens no further cell.
  const last = rows.at(-1);
  if (last !== undefined && last.length > 1 && last.at(-1) === "") last.pop();
  // Asked once for the whole text, because asking for each cell takes most of the time.
  const widthOf = isAscii(text) ? lengthOf : displayWidth;
  padBlock({ rows, layout, widthOf }, 0, 0, rows.length);
  return rows.map(cells => cells.join("")).join("\n");
}

interface Table {
  readonly rows: readonly string[][];
  readonly layout: ColumnLayout;
  readonly widthOf: (text: string) => number;
}

/** Pads column `column` of the rows from `from` to `to`, and the columns behind it, in each run that has it. */
function padBlock(table: Table, column: number, from: number, to: number): void {
  for (let start = from; start < to; start++) {
    let end = start;
    // The last cell of a row ends with the line, not with a tab.
    while (end < to && (table.rows[end]?.length ?? 0) > column + 1) end++;
    if (end === start) continue;
    padColumn(table, column, start, end);
    padBlock(table, column + 1, start, end);
    start = end;
  }
}

function padColumn({ rows, layout, widthOf }: Table, column: number, from: number, to: number): void {
  const widths: number[] = [];
  let width = layout.minWidth;
  for (let index = from; index < to; index++) {
    const own = widthOf(rows[index]?.[column] ?? "");
    widths.push(own);
    width = Math.max(width, own + layout.padding);
  }
  for (let index = from; index < to; index++) {
    const cells = rows[index];
    if (cells !== undefined) cells[column] += " ".repeat(width - (widths[index - from] ?? 0));
  }
}

function lengthOf(text: string): number {
  return text.length;
}
