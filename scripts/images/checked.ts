import { EngineError } from "../../engine/base/errors.ts";

/** Readers of parsed JSON: each returns the value with its type, or fails and says what it is that is wrong. */

export function checkedRecord(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw new EngineError("invalid", `${what} is not an object`);
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function checkedList(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new EngineError("invalid", `${what} is not a list`);
  return value;
}

export function checkedText(value: unknown, what: string): string {
  if (typeof value !== "string") throw new EngineError("invalid", `${what} is not a string`);
  return value;
}

/** A size in bytes. */
export function checkedSize(value: unknown, what: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw new EngineError("invalid", `${what} is not a size`);
  }
  return value;
}

/** Reads every value of an object with `read`, which is told its name. */
export function checkedMap<T>(
  value: unknown,
  what: string,
  read: (value: unknown, what: string) => T,
): Record<string, T> {
  const entries = Object.entries(checkedRecord(value, what));
  return Object.fromEntries(entries.map(([key, item]) => [key, read(item, `${what}: ${key}`)]));
}
