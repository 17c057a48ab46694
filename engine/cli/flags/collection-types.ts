/** The types of flags that collect the values of all their occurrences. */
import { parseCsvRecord } from "../../base/csv.ts";
import { EngineError } from "../../base/errors.ts";
import { parseUlimit, type Ulimit } from "../../base/units.ts";
import type { FlagType } from "./flag.ts";

/** What several words of a help text can stand for; see {@link repeated}. */
interface Appearance {
  readonly word: string;
  readonly shown?: string;
}

/** One value an occurrence, each read by `parse`. */
export function repeated<Value>(
  { word, shown = "" }: Appearance,
  parse: (text: string) => Value,
): FlagType<readonly Value[]> {
  return { word, initial: [], shown, parse: (text, previous = []) => [...previous, parse(text)] };
}

/** One text an occurrence; `check` may refuse or change it. */
export function list(check: (text: string) => string = text => text): FlagType<readonly string[]> {
  return repeated({ word: "list" }, check);
}

/** Several texts an occurrence, separated by commas. The first occurrence replaces the default. */
export function strings(initial: readonly string[] = []): FlagType<readonly string[]> {
  return {
    word: "strings",
    initial,
    shown: initial.length === 0 ? "" : `[${initial.map(quoteField).join(",")}]`,
    parse: (text, previous = []) => [...previous, ...(text === "" ? [] : parseCsvRecord(text))],
  };
}

/** One `key=value` an occurrence; without an equals sign the value is empty. The last of a key counts. */
export function map(check: (text: string) => string = text => text): FlagType<ReadonlyMap<string, string>> {
  return {
    word: "map",
    initial: new Map(),
    shown: "map[]",
    parse: (text, previous = new Map()) => new Map([...previous, splitPair(check(text))]),
  };
}

/** Several `key=value` an occurrence, separated by commas. */
export function pairs(): FlagType<ReadonlyMap<string, string>> {
  return {
    word: "stringToString",
    initial: new Map(),
    shown: "[]",
    parse: (text, previous = new Map()) => new Map([...previous, ...parsePairs(text)]),
  };
}

/** One `name=soft[:hard]` an occurrence, by name. The last of a name counts. */
export function ulimits(): FlagType<ReadonlyMap<string, Ulimit>> {
  return {
    word: "ulimit",
    initial: new Map(),
    shown: "[]",
    parse: (text, previous = new Map()) => {
      const ulimit = parseUlimit(text);
      return new Map([...previous, [ulimit.name, ulimit]]);
    },
  };
}

/** One `name=value` an occurrence, as `--filter` takes it: the values of each name, names in lower case. */
export function filters(): FlagType<ReadonlyMap<string, readonly string[]>> {
  return {
    word: "filter",
    initial: new Map(),
    shown: "",
    parse: (text, previous = new Map()) => {
      if (text === "") return previous;
      if (!text.includes("=")) {
        throw new EngineError("invalid", "bad format of filter (expected name=value)");
      }
      const [rawName, rawValue] = splitPair(text);
      const name = rawName.trim().toLowerCase();
      const value = rawValue.trim();
      const known = previous.get(name) ?? [];
      return known.includes(value) ? previous : new Map([...previous, [name, [...known, value]]]);
    },
  };
}

/** The parts of `text` before and behind its first equals sign. */
export function splitPair(text: string): [key: string, value: string] {
  const equals = text.indexOf("=");
  return equals === -1 ? [text, ""] : [text.slice(0, equals), text.slice(equals + 1)];
}

function parsePairs(text: string): [string, string][] {
  const hasSeveral = text.indexOf("=") !== text.lastIndexOf("=");
  const fields = hasSeveral ? parseCsvRecord(text) : [text.replace(/^"+|"+$/g, "")];
  return fields.map(field => {
    if (!field.includes("=")) throw new EngineError("invalid", `${field} must be formatted as key=value`);
    return splitPair(field);
  });
}

function quoteField(field: string): string {
  return /[",\r\n]|^\s/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
