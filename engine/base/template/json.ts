/** JSON as Go's encoder writes it: maps sorted by key, structs in the order of their fields. */
import { Float, kindOf, mapEntries, structFields } from "./value.ts";

/** A method that gives an object's JSON text itself, as rows of a table have it. */
export const jsonText: unique symbol = Symbol("JSON text");

/**
 * `value` as JSON without spaces. Objects with a `toJSON` method, as rows of a table may have, are written as
 * what it returns.
 */
export function encodeJson(value: unknown): string {
  if (hasJsonText(value)) return value[jsonText]();
  if (hasToJson(value) && !(value instanceof Float)) return encodeJson(value.toJSON());
  switch (kindOf(value)) {
    case "slice":
      return `[${Array.isArray(value) ? value.map(encodeJson).join(",") : ""}]`;
    case "map":
      return encodeEntries(mapEntries(value));
    case "struct":
      return encodeEntries(structFields(value));
    case "string":
      return encodeString(String(value));
    case "none":
    case "func":
      return "null";
    case "int":
      return String(value);
    default:
      return JSON.stringify(value);
  }
}

// Built as text, because a JavaScript object would put keys that look like numbers first.
function encodeEntries(entries: readonly [key: unknown, element: unknown][]): string {
  return `{${entries.map(([key, element]) => `${encodeString(String(key))}:${encodeJson(element)}`).join(",")}}`;
}

function encodeString(text: string): string {
  return JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

function hasJsonText(value: unknown): value is { [jsonText](): string } {
  return typeof value === "object" && value !== null && jsonText in value;
}

function hasToJson(value: unknown): value is { toJSON(): unknown } {
  return (
    typeof value === "object" && value !== null && "toJSON" in value && typeof value.toJSON === "function"
  );
}
