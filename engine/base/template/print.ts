/** Printing values as Go's fmt does without a format: `Print`, `Println` and the verb `%v`. */
import { formatFloat } from "../floats.ts";
import { Float, kindOf, mapEntries, structFields, typeNameOf } from "./value.ts";

/** What takes the place of a value that is not there. */
export const noValue = "<no value>";

/** A value as the output of an action. */
export function printValue(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? noValue : formatValue(value);
}

/** Several values, with a space between two that are no strings (`fmt.Sprint`). */
export function printAll(values: readonly unknown[]): string {
  let text = "";
  values.forEach((value, index) => {
    const needsSpace = index > 0 && typeof value !== "string" && typeof values[index - 1] !== "string";
    text += (needsSpace ? " " : "") + formatArgument(value);
  });
  return text;
}

/** Several values with spaces between, and a line break (`fmt.Sprintln`). */
export function printLine(values: readonly unknown[]): string {
  return `${values.map(formatArgument).join(" ")}\n`;
}

/** A value in its plain form: `[a b]`, `map[k:v]`, `{1 x}`, `<nil>`. */
export function formatValue(value: unknown): string {
  return formatNested(value, formatScalar);
}

/** A value given to a printing function; unlike an action's output it shows when it is a pointer to a struct. */
export function formatArgument(value: unknown): string {
  return addressMark(value) + formatValue(value);
}

/** The `&` of a pointer to a struct. */
export function addressMark(value: unknown): string {
  return kindOf(value) === "struct" && typeNameOf(value).startsWith("*") ? "&" : "";
}

/** How the parts of a value are put together. */
export interface Notation {
  /** Whether struct fields have their names before them, as with `%+v`. */
  readonly namesFields: boolean;
}

/** `value` with its elements in Go's brackets, each scalar in it as `scalar` writes it. */
export function formatNested(
  value: unknown,
  scalar: (value: unknown) => string,
  notation: Notation = { namesFields: false },
): string {
  const format = (element: unknown): string => formatNested(element, scalar, notation);
  switch (kindOf(value)) {
    case "slice":
      return `[${Array.isArray(value) ? value.map(format).join(" ") : ""}]`;
    case "map": {
      const entries = mapEntries(value).map(([key, element]) => `${scalar(key)}:${format(element)}`);
      return `map[${entries.join(" ")}]`;
    }
    case "struct": {
      const fields = structFields(value).map(([name, field]) =>
        notation.namesFields ? `${name}:${format(field)}` : format(field),
      );
      return `{${fields.join(" ")}}`;
    }
    default:
      return scalar(value);
  }
}

/** A value that has no parts. */
export function formatScalar(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return Number.isInteger(value) ? String(value) : formatFloat(value, "g");
    case "boolean":
    case "bigint":
      return String(value);
    case "function":
      return "func()";
    default:
      return value instanceof Float ? formatFloat(value.value, "g") : "<nil>";
  }
}
