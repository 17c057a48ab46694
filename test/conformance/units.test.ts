import { expect, it } from "vitest";
import { hour, millisecond, minute, second } from "../../engine/base/duration.ts";
import {
  bytesSize,
  formatUlimit,
  humanDuration,
  humanSize,
  parseHumanSize,
  parseRamSize,
  parseUlimit,
} from "../../engine/base/units.ts";
import { describeSharedTable } from "./shared-table.ts";

interface Case {
  readonly kind: "assertEquals" | "assertSuccessEquals" | "assertError" | "example";
  readonly go: string;
  readonly out?: string;
}

const constants: Readonly<Record<string, number>> = {
  ...Object.fromEntries(["KB", "MB", "GB", "TB", "PB"].map((name, power) => [name, 1000 ** (power + 1)])),
  ...Object.fromEntries(
    ["KiB", "MiB", "GiB", "TiB", "PiB"].map((name, power) => [name, 1024 ** (power + 1)]),
  ),
  "time.Millisecond": millisecond,
  "time.Second": second,
  "time.Minute": minute,
  "time.Hour": hour,
  day: 24 * hour,
  week: 7 * 24 * hour,
  month: 30 * 24 * hour,
  year: 365 * 24 * hour,
};

function factorOf(text: string): number {
  return constants[text.trim()] ?? Number(text);
}

/** The value of a Go constant expression: sums of products of numbers and names. */
function evaluate(expression: string): number {
  const bare = expression.replace(/^float64\((.*)\)$/, "$1");
  const terms = bare
    .split("+")
    .map(term => term.split("*").reduce((product, text) => product * factorOf(text), 1));
  return terms.reduce((sum, term) => sum + term, 0);
}

const formatters: Readonly<Record<string, (value: number) => string>> = {
  BytesSize: bytesSize,
  HumanSize: size => humanSize(size),
  HumanDuration: humanDuration,
};
const parsers: Readonly<Record<string, (text: string) => number | string>> = {
  FromHumanSize: parseHumanSize,
  RAMInBytes: parseRamSize,
  ParseUlimit: text => formatUlimit(parseUlimit(text)),
};

/** The text that a Go string literal of the table stands for; it holds no escape that JSON lacks. */
function textOf(literal: string): string {
  const text: string = JSON.parse(literal);
  return text;
}

function formatterCase(expected: string, call: string): void {
  const [, name = "", argument = ""] = /^(\w+)\((.*)\)$/.exec(call.trim()) ?? [];
  expect(formatters[name]?.(evaluate(argument))).toBe(expected);
}

function parserCase(expected: string, name: string, literal: string): void {
  const text = textOf(literal);
  // The table keeps two expressions that its source computed in a variable: the number times a mebibyte.
  const value =
    expected === "int64(tmp)" ? Math.trunc(Number.parseFloat(text) * 1024 ** 2) : evaluate(expected);
  expect(parsers[name]?.(text)).toBe(value);
}

function exampleCase(call: string, out: string): void {
  const [, name = "", argument = ""] = /^(\w+)\((.*)\)$/.exec(call) ?? [];
  if (name in formatters) return formatterCase(out, call);
  const result = parsers[name]?.(textOf(argument));
  // Beyond 2^53 JavaScript prints a number's shortest form, a bigint all its digits.
  expect(`${typeof result === "number" ? BigInt(result) : result} <nil>`).toBe(out);
}

describeSharedTable<{ cases: readonly Case[] }>("units.json", ({ cases }) => {
  it.each(cases)("$kind $go", ({ kind, go, out = "" }) => {
    if (kind === "example") return exampleCase(go, out);
    const [first = "", middle = "", last = ""] = go.split(/, (?=[\w"])/);
    if (kind === "assertEquals") return formatterCase(textOf(first), middle);
    if (kind === "assertSuccessEquals") return parserCase(first, middle, last);
    expect(() => parsers[first]?.(textOf(middle))).toThrow();
  });
});
