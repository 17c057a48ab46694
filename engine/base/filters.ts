import { EngineError } from "./errors.ts";

/** What a client filters by: for each key, values of which one must match. */
export class Filters {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values;
  }

  /** Throws "invalid" where a key is not among those that a list knows. */
  checkKeys(known: readonly string[]): void {
    for (const key of this.#values.keys())
      if (!known.includes(key)) throw new EngineError("invalid", `invalid filter '${key}'`);
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  get(key: string): readonly string[] {
    return this.#values.get(key) ?? [];
  }

  /** True where nothing is asked of the key, or one of its values passes. */
  some(key: string, test: (value: string) => boolean): boolean {
    const values = this.#values.get(key);
    return values === undefined || values.some(test);
  }

  /** True where nothing is asked of the key, or all of its values pass. */
  every(key: string, test: (value: string) => boolean): boolean {
    return this.get(key).every(test);
  }

  /** A key that takes one true or false; undefined where it was not given. Throws "invalid" on other values. */
  flag(key: string): boolean | undefined {
    const [value] = this.get(key);
    if (value === undefined) return undefined;
    if (value === "1" || value === "true") return true;
    if (value === "0" || value === "false") return false;
    throw new EngineError("invalid", `invalid filter '${key}=[${value}]'`);
  }
}

/** Reads the API's `filters` parameter: `{"key":["value"]}`, or the older `{"key":{"value":true}}`. */
export function parseFilters(text: string): Filters {
  const values = new Map<string, readonly string[]>();
  if (text === "") return new Filters(values);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new EngineError("invalid", `invalid filter: ${text}`);
  }
  if (parsed === null || typeof parsed !== "object")
    throw new EngineError("invalid", `invalid filter: ${text}`);
  for (const [key, value] of Object.entries(parsed)) {
    if (Array.isArray(value)) values.set(key, value.map(String));
    else if (value !== null && typeof value === "object") values.set(key, Object.keys(value));
    else throw new EngineError("invalid", `invalid filter: ${text}`);
  }
  return new Filters(values);
}

/** Whether labels have "name", or "name=value". */
export function hasLabel(
  labels: Readonly<Record<string, string>> | null | undefined,
  wanted: string,
): boolean {
  const equals = wanted.indexOf("=");
  const name = equals < 0 ? wanted : wanted.slice(0, equals);
  const value = labels?.[name];
  return value !== undefined && (equals < 0 || value === wanted.slice(equals + 1));
}

/** Whether a text is the wanted one, or matches it as a regular expression. */
export function matchesText(text: string, wanted: string): boolean {
  if (text === wanted) return true;
  try {
    return new RegExp(wanted).test(text);
  } catch {
    return false;
  }
}
