/**
 * How a template sees JavaScript values as Go values.
 *
 * | JavaScript | Go |
 * |---|---|
 * | boolean, string | bool, string |
 * | number without a fraction, bigint | int |
 * | other number, {@link Float} | float64 |
 * | array | []interface {} |
 * | plain object, Map | map[string]interface {} |
 * | array or object with a {@link goType} property, as {@link typed} adds it | that type |
 * | null | nil in an interface |
 * | {@link NilPointer} | nil pointer of a type |
 * | undefined | no value |
 *
 * A field or entry that holds a function is a method. Without parameters it is called whenever the field is
 * read, so that what is expensive is computed only for templates that show it; with parameters it takes
 * strings, as in `{{.Label "name"}}`. Names of struct fields and methods start with a capital letter.
 */

/**
 * The Go type of an object, as messages show it: of a map (`map[string]string`), a slice (`[]string`) or else
 * a struct, with a star when it is reached through a pointer (`*formatter.ContainerContext`). Reading a field
 * that a struct lacks is an error.
 */
export const goType: unique symbol = Symbol("Go type");

/** An object with a {@link goType}. */
export interface Typed {
  readonly [goType]: string;
}

/** Gives `value` itself the Go type `typeName`. */
export function typed<Value extends object>(typeName: string, value: Value): Value & Typed {
  return Object.assign(value, { [goType]: typeName });
}

/** A nil pointer of the Go type `typeName`, with its star: it prints `<nil>` and has no fields to read. */
export class NilPointer {
  readonly typeName: string;

  constructor(typeName: string) {
    this.typeName = typeName;
  }

  toJSON(): null {
    return null;
  }
}

/**
 * A value out of a loop over interfaces. It is used like the value itself, but Go does not look into the
 * interface when a message names its type.
 */
export class Boxed {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** The value in a {@link Boxed}, or the value itself. */
export function unbox(value: unknown): unknown {
  return value instanceof Boxed ? value.value : value;
}

/** A float64 even when it has no fraction. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  toJSON(): number {
    return this.value;
  }
}

/** The classes of Go types that behave alike; `nil` is a nil interface, `pointer` a nil pointer. */
export type Kind =
  | "none"
  | "nil"
  | "pointer"
  | "bool"
  | "int"
  | "float"
  | "string"
  | "slice"
  | "map"
  | "struct"
  | "func";

export function kindOf(value: unknown): Kind {
  switch (typeof value) {
    case "string":
      return "string";
    case "number":
      return Number.isInteger(value) ? "int" : "float";
    case "bigint":
      return "int";
    case "boolean":
      return "bool";
    case "object":
      return value === null ? "nil" : kindOfObject(value);
    case "function":
      return "func";
    default:
      return "none";
  }
}

function kindOfObject(value: object): Kind {
  if (Array.isArray(value)) return "slice";
  if (value instanceof Float) return "float";
  if (value instanceof NilPointer) return "pointer";
  return markOf(value)?.startsWith("map[") === false ? "struct" : "map";
}

function markOf(value: unknown): string | undefined {
  return isObject(value) && goType in value && typeof value[goType] === "string" ? value[goType] : undefined;
}

/** The name of the value's type in Go. */
export function typeNameOf(value: unknown): string {
  switch (kindOf(value)) {
    case "float":
      return "float64";
    case "slice":
      return markOf(value) ?? "[]interface {}";
    case "map":
    case "struct":
      return markOf(value) ?? "map[string]interface {}";
    case "pointer":
      return value instanceof NilPointer ? value.typeName : "";
    case "nil":
      return "interface {}";
    case "func":
      return "func()";
    default:
      return kindOf(value);
  }
}

/** Whether a value counts as true in `if` and `and`: not false, zero, nil or empty. */
export function isTruthy(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value === "string" || Array.isArray(value)) return value.length > 0;
  if (value instanceof Float) return value.value !== 0;
  switch (kindOf(value)) {
    case "int":
    case "float":
      return value !== 0 && value !== 0n;
    case "map":
      return mapSize(value) > 0;
    case "struct":
    case "func":
      return true;
    default:
      return false;
  }
}

/** The number in a value of kind int or float; a bigint only where a number would not be exact. */
export function numberIn(value: unknown): number | bigint {
  if (value instanceof Float) return value.value;
  const number = Number(value);
  return typeof value === "bigint" && !Number.isSafeInteger(number) ? value : number;
}

/** Whether the elements of a map or slice are interfaces, which shows in messages about them. */
export function holdsInterfaces(value: unknown): boolean {
  return typeNameOf(value).endsWith("]interface {}");
}

/** How many entries a map has. */
export function mapSize(value: unknown): number {
  if (value instanceof Map) return value.size;
  return isObject(value) ? Object.keys(value).length : 0;
}

/** The entry of a map as it is, a method not called; undefined when there is none. */
export function mapEntry(value: unknown, key: unknown): unknown {
  if (value instanceof Map) return value.get(key);
  if (!isObject(value) || typeof key !== "string" || !Object.hasOwn(value, key)) return undefined;
  const element: unknown = Reflect.get(value, key);
  return element;
}

/** The entries of a map in the order of their keys, methods called. */
export function mapEntries(value: unknown): [key: unknown, element: unknown][] {
  if (!isObject(value)) return [];
  const entries: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value);
  const called: [unknown, unknown][] = entries.map(([key, element]) => [key, callMethod(value, element)]);
  return called.toSorted(([a], [b]) => compareKeys(a, b));
}

/** The exported field or method of a struct as it is, not called; undefined when there is none. */
export function structField(value: unknown, name: string): unknown {
  // A capital also keeps away what every JavaScript object inherits.
  const isExported = (name >= "A" && name < "[") || /^\p{Lu}/u.test(name);
  if (!isObject(value) || !isExported) return undefined;
  const field: unknown = Reflect.get(value, name);
  return field;
}

/** The fields of a struct in the order of their definition, methods called. */
export function structFields(value: unknown): [name: string, field: unknown][] {
  if (!isObject(value)) return [];
  return Object.entries(value).map(([name, field]) => [name, callMethod(value, field)]);
}

function callMethod(receiver: object, element: unknown): unknown {
  if (typeof element !== "function" || element.length > 0) return element;
  const result: unknown = element.call(receiver);
  return result;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function compareKeys(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const left = String(a);
  const right = String(b);
  return left < right ? -1 : left > right ? 1 : 0;
}
