/** The comparisons of templates, which know no conversion between kinds. */
import { EngineError } from "../errors.ts";
import { formatValue } from "./print.ts";
import { type Kind, kindOf, NilPointer, numberIn, typeNameOf } from "./value.ts";

const basicKinds: ReadonlySet<Kind> = new Set<Kind>(["bool", "int", "float", "string"]);

/** Whether `first` equals any of the others (`eq`). */
export function equalsAny(first: unknown, others: readonly unknown[]): boolean {
  if (others.length === 0) throw new EngineError("invalid", "missing argument for comparison");
  return others.some(other => areEqual(first, other));
}

/** Whether `left` comes before `right` (`lt`); only numbers of one kind and strings have an order. */
export function isLess(left: unknown, right: unknown): boolean {
  const kind = basicKind(left);
  if (kind !== basicKind(right)) throw incompatible();
  if (kind === "bool") throw invalidType();
  return kind === "string" ? String(left) < String(right) : numberIn(left) < numberIn(right);
}

/** Whether `left` comes before `right` or equals it (`le`). */
export function isLessOrEqual(left: unknown, right: unknown): boolean {
  return isLess(left, right) || areEqual(left, right);
}

function areEqual(left: unknown, right: unknown): boolean {
  const leftKind = kindOf(left);
  const rightKind = kindOf(right);
  if (isNil(left) || isNil(right)) return isNil(left) && isNil(right);
  const isBasic = basicKinds.has(leftKind);
  if (isBasic !== basicKinds.has(rightKind) || (isBasic && leftKind !== rightKind)) throw incompatible();
  if (!isBasic) return areIdentical(left, right);
  if (leftKind === "bool" || leftKind === "string") return left === right;
  return numberIn(left) === numberIn(right);
}

/** Two structs are equal when they are the same object, as pointers to them would be. */
function areIdentical(left: unknown, right: unknown): boolean {
  if (kindOf(right) !== "struct") {
    throw new EngineError("invalid", `non-comparable type ${formatValue(right)}: ${typeNameOf(right)}`);
  }
  return left === right;
}

function isNil(value: unknown): boolean {
  return value === undefined || value === null || value instanceof NilPointer;
}

function basicKind(value: unknown): Kind {
  const kind = kindOf(value);
  if (!basicKinds.has(kind)) throw invalidType();
  return kind;
}

function incompatible(): EngineError {
  return new EngineError("invalid", "incompatible types for comparison");
}

function invalidType(): EngineError {
  return new EngineError("invalid", "invalid type for comparison");
}
