/** One thing measured, beside what the bare machine needs for the same. */
export interface Figure {
  readonly name: string;
  /** Milliseconds, unless `unit` says otherwise. */
  readonly value: number;
  readonly unit?: string;
  /** What it is compared with, and its value in the same unit. */
  readonly bare?: { readonly name: string; readonly value: number };
  /** What is aimed at: a ratio to the bare value, or where there is none a value. */
  readonly target?: number;
}

/** The middle of several measurements. Throws where there are none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error("no measurements");
  return middle;
}

function amount(value: number, unit: string): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${unit}`;
}

function verdict({ value, bare, target }: Figure): string {
  if (target === undefined) return "";
  const reached = bare ? value / bare.value : value;
  return `${reached <= target ? "met" : "MISSED"} (at most ${target}${bare ? "x" : ""})`;
}

/** The figures as a table: name, value, bare value, ratio, verdict. */
export function formatFigures(figures: readonly Figure[]): string {
  const rows = figures.map(figure => {
    const unit = figure.unit ?? "ms";
    const { bare } = figure;
    return [
      figure.name,
      amount(figure.value, unit),
      bare ? `${bare.name}: ${amount(bare.value, unit)}` : "",
      bare ? `${(figure.value / bare.value).toFixed(2)}x` : "",
      verdict(figure),
    ];
  });
  const header = ["figure", "measured", "bare equivalent", "ratio", "target"];
  const table = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...table.map(row => row[column]?.length ?? 0)));
  return table
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
