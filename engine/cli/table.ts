/**
 * Aligns columns separated by tabs, as the elastic tab stops of Go's text/tabwriter do: a column is as wide
 * as its widest cell, and ends where a line lacks it.
 */
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
  padBlock(rows, 0, layout);
  return rows.map(cells => cells.join("")).join("\n");
}

/** Pads column `column` of `rows`, then the columns behind it, in each run of rows that have it. */
function padBlock(rows: readonly string[][], column: number, layout: ColumnLayout): void {
  for (let start = 0; start < rows.length; start++) {
    let end = start;
    // The last cell of a row ends with the line, not with a tab.
    while ((rows[end]?.length ?? 0) > column + 1) end++;
    if (end === start) continue;
    const run = rows.slice(start, end);
    padColumn(run, column, layout);
    padBlock(run, column + 1, layout);
    start = end;
  }
}

function padColumn(rows: readonly string[][], column: number, { minWidth, padding }: ColumnLayout): void {
  const widths = rows.map(cells => displayWidth(cells[column] ?? ""));
  const width = widths.reduce((widest, own) => Math.max(widest, own + padding), minWidth);
  rows.forEach((cells, index) => {
    cells[column] = (cells[column] ?? "") + " ".repeat(width - (widths[index] ?? 0));
  });
}
