/** What a template function is, and the functions that every template has. */
import { EngineError } from "../errors.ts";
import { byteLength, encodeUtf8, isAscii, sliceBytes } from "../utf8.ts";
import { equalsAny, isLess, isLessOrEqual } from "./compare.ts";
import { escapeHtml, escapeJs, escapeQuery } from "./escape.ts";
import { printFormatted } from "./printf.ts";
import { noValue, printAll, printLine, printValue } from "./print.ts";
import { isTruthy, kindOf, mapEntry, mapSize, numberIn, typeNameOf } from "./value.ts";

/** The Go type of a parameter; arguments of another type are refused before the function is called. */
export type ParameterType = "any" | "int" | "string" | "[]string";

/** A function that templates can call. What it throws becomes the template's error. */
export interface TemplateFunction {
  readonly parameters: readonly ParameterType[];
  /** The type of any number of further arguments. */
  readonly rest?: ParameterType;
  /** Gets arguments of the types that `parameters` and `rest` name; "no value" arrives as undefined. */
  readonly call: (...values: never[]) => unknown;
}

/** A function that evaluates its arguments one by one and returns the first whose truth is `stopsAt`, or the last. */
export interface LogicalFunction {
  readonly stopsAt: boolean;
}

export type FunctionTable = Readonly<Record<string, TemplateFunction | LogicalFunction>>;

/** Go's own functions. */
export const builtinFunctions: FunctionTable = {
  and: { stopsAt: false },
  call: variadic(["any"], refuseCall),
  eq: variadic(["any"], (first, ...others) => equalsAny(first, others)),
  ge: { parameters: ["any", "any"], call: (left: unknown, right: unknown) => !isLess(left, right) },
  gt: { parameters: ["any", "any"], call: (left: unknown, right: unknown) => !isLessOrEqual(left, right) },
  html: variadic([], (...values) => escapeHtml(textOf(values))),
  index: variadic(["any"], indexInto),
  js: variadic([], (...values) => escapeJs(textOf(values))),
  le: { parameters: ["any", "any"], call: isLessOrEqual },
  len: { parameters: ["any"], call: lengthOf },
  lt: { parameters: ["any", "any"], call: isLess },
  ne: { parameters: ["any", "any"], call: (left: unknown, right: unknown) => !equalsAny(left, [right]) },
  not: { parameters: ["any"], call: (value: unknown) => !isTruthy(value) },
  or: { stopsAt: true },
  print: variadic([], (...values) => printAll(values)),
  printf: { parameters: ["string"], rest: "any", call: formatText },
  println: variadic([], (...values) => printLine(values)),
  slice: variadic(["any"], sliceOf),
  urlquery: variadic([], (...values) => escapeQuery(textOf(values))),
};

function variadic(
  parameters: readonly ParameterType[],
  call: (...values: unknown[]) => unknown,
): TemplateFunction {
  return { parameters, rest: "any", call };
}

function formatText(format: string, ...values: unknown[]): string {
  return printFormatted(format, values);
}

/** Data holds no functions that are not called when read, so nothing can be given to `call`. */
function refuseCall(value: unknown): never {
  if (value === undefined || value === null) throw new EngineError("invalid", "call of nil");
  throw new EngineError("invalid", `non-function of type ${typeNameOf(value)}`);
}

/** The escaping functions take values as an action prints them. */
function textOf(values: readonly unknown[]): string {
  return values.length === 1 ? printValue(values[0]) : printAll(values.map(value => value ?? noValue));
}

function lengthOf(value: unknown): number {
  switch (kindOf(value)) {
    case "string":
      return byteLength(String(value));
    case "slice":
      return Array.isArray(value) ? value.length : 0;
    case "map":
      return mapSize(value);
    case "nil":
    case "pointer":
      throw new EngineError("invalid", "len of nil pointer");
    case "none":
      throw new EngineError("invalid", "reflect: call of reflect.Value.Type on zero Value");
    default:
      throw new EngineError("invalid", `len of type ${typeNameOf(value)}`);
  }
}

function indexInto(item: unknown, ...indexes: unknown[]): unknown {
  if (item === undefined || item === null) throw new EngineError("invalid", "index of untyped nil");
  return indexes.reduce(elementAt, item);
}

function elementAt(item: unknown, index: unknown): unknown {
  switch (kindOf(item)) {
    case "nil":
    case "pointer":
      throw new EngineError("invalid", "index of nil pointer");
    case "string": {
      const text = String(item);
      const at = position(index, byteLength(text));
      const code = isAscii(text) ? text.charCodeAt(at) : encodeUtf8(text)[at];
      return checkElement(Number.isNaN(code) ? undefined : code, "string");
    }
    case "slice": {
      const elements: readonly unknown[] = Array.isArray(item) ? item : [];
      const at = position(index, elements.length);
      return at === elements.length ? checkElement(undefined, "slice") : elements[at];
    }
    case "map":
      return mapElement(item, index);
    default:
      // A struct that is reached through a pointer is named without it here.
      throw new EngineError("invalid", `can't index item of type ${typeNameOf(item).replace(/^\*/, "")}`);
  }
}

/** An index just behind the end passes Go's check and fails in the access. */
function checkElement(element: unknown, kind: string): unknown {
  if (element === undefined) throw new EngineError("invalid", `reflect: ${kind} index out of range`);
  return element;
}

function mapElement(map: unknown, key: unknown): unknown {
  if (map instanceof Map) return mapEntry(map, key) ?? null;
  if (key === undefined || key === null) {
    throw new EngineError("invalid", "value is nil; should be of type string");
  }
  if (typeof key !== "string") {
    throw new EngineError("invalid", `value has type ${typeNameOf(key)}; should be string`);
  }
  const element = mapEntry(map, key);
  // A missing element is the zero value of the map's element type.
  return element ?? (typeNameOf(map).endsWith("]string") ? "" : null);
}

function position(index: unknown, length: number): number {
  const kind = kindOf(index);
  if (kind === "none" || kind === "nil")
    throw new EngineError("invalid", "cannot index slice/array with nil");
  if (kind !== "int") {
    throw new EngineError("invalid", `cannot index slice/array with type ${typeNameOf(index)}`);
  }
  const at = Number(numberIn(index));
  if (at < 0 || at > length) throw new EngineError("invalid", `index out of range: ${numberIn(index)}`);
  return at;
}

function sliceOf(item: unknown, ...indexes: unknown[]): unknown {
  const kind = kindOf(item);
  if (kind === "none" || kind === "nil") throw new EngineError("invalid", "slice of untyped nil");
  if (indexes.length > 3) throw new EngineError("invalid", `too many slice indexes: ${indexes.length}`);
  if (kind !== "string" && kind !== "slice") {
    throw new EngineError("invalid", `can't slice item of type ${typeNameOf(item)}`);
  }
  if (kind === "string" && indexes.length === 3) {
    throw new EngineError("invalid", "cannot 3-index slice a string");
  }
  const length = lengthOf(item);
  const [start = 0, end = length, capacity = end] = indexes.map(index => position(index, length));
  if (start > end) throw new EngineError("invalid", `invalid slice index: ${start} > ${end}`);
  if (end > capacity) throw new EngineError("invalid", `invalid slice index: ${end} > ${capacity}`);
  return Array.isArray(item) ? item.slice(start, end) : sliceBytes(String(item), start, end);
}
