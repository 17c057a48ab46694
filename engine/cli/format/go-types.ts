/**
 * The types by which Docker's client decodes the API's JSON before templates see it. They decide which names a
 * template may use, how values that the daemon leaves out look, and in which order whole objects are printed.
 *
 * A table of types is text with one struct a line: `State: Status string, Health? *Health`. A field is its name in
 * Go, `(jsonName)` where JSON has another, `?` where JSON leaves out what is empty, and its type: `string`, `bool`,
 * `int`, `time`, `any`, `[]T`, `map[string]T`, `*T` or a struct's name. `~T` or `~*T` embeds a struct, whose fields
 * can then be used as the outer one's own.
 */
import { assert } from "../../base/errors.ts";
import { goType, jsonText, NilPointer, typed } from "../../base/template/template.ts";
import { formatTimestampWithZone, parseTimestamp } from "../../base/timestamp.ts";

interface Field {
  readonly name: string;
  readonly jsonName: string;
  readonly omitsEmpty: boolean;
  readonly isEmbedded: boolean;
  readonly type: string;
}

type Json = Readonly<Record<string, unknown>>;

const fieldSyntax = /^(?:(~)|(\w+)(?:\(([^)]*)\))?(\?)? )(.+)$/;

function parseField(text: string): Field {
  const [match, embeds, ownName, jsonName, omits, type = ""] = fieldSyntax.exec(text) ?? [];
  assert(match !== undefined, `a table of types has no such field: ${text}`);
  const name = ownName ?? type.replace("*", "");
  const isEmbedded = embeds !== undefined;
  return { name, jsonName: jsonName ?? name, omitsEmpty: omits !== undefined, isEmbedded, type };
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Types by name, read from a table when they are first needed. */
export class GoTypes {
  readonly #table: string;
  #structs: ReadonlyMap<string, readonly Field[]> | null = null;

  constructor(table: string) {
    this.#table = table;
  }

  /** What a template sees of JSON that has the type. */
  value(type: string, json: unknown): unknown {
    if (type.startsWith("*")) {
      if (json === null || json === undefined) return new NilPointer(type);
      const value = this.value(type.slice(1), json);
      return isObject(value) && goType in value ? typed(type, value) : value;
    }
    if (type.startsWith("[]")) return this.#slice(type, json);
    if (type.startsWith("map[")) return this.#map(type, json);
    switch (type) {
      case "any":
        return json;
      case "string":
        return json ?? "";
      case "bool":
        return json ?? false;
      case "int":
        return json ?? 0;
      case "time":
        return timeText(json);
      default:
        return this.#struct(type, isObject(json) ? json : {});
    }
  }

  #fields(type: string): readonly Field[] {
    this.#structs ??= new Map(
      this.#table
        .trim()
        .split("\n")
        .map(line => {
          const [name = "", fields = ""] = line.split(/: ?/);
          return [name, fields === "" ? [] : fields.split(", ").map(parseField)];
        }),
    );
    const fields = this.#structs.get(type);
    assert(fields, `a table of types has no ${type}`);
    return fields;
  }

  #slice(type: string, json: unknown): unknown {
    const element = type.slice(2);
    const items: unknown[] = Array.isArray(json) ? json.map(item => this.value(element, item)) : [];
    return withJson(typed(type, items), () => this.json(type, json));
  }

  #map(type: string, json: unknown): unknown {
    const element = type.slice(type.indexOf("]") + 1);
    const entries = isObject(json) ? Object.entries(json) : [];
    const map = Object.fromEntries(entries.map(([key, value]) => [key, this.value(element, value)]));
    return withJson(typed(type, map), () => this.json(type, json));
  }

  #struct(type: string, json: Json): object {
    const struct: Record<string, unknown> = {};
    for (const field of this.#fields(type)) {
      if (!field.isEmbedded) {
        struct[field.name] = this.value(field.type, json[field.jsonName]);
        continue;
      }
      const inner = this.#struct(field.type.replace("*", ""), json);
      struct[field.name] = inner;
      // Promoted fields can be read, but are not printed a second time.
      for (const name of Object.getOwnPropertyNames(inner)) {
        if (!(name in struct)) {
          Object.defineProperty(struct, name, { value: Reflect.get(inner, name), enumerable: false });
        }
      }
    }
    return withJson(typed(type, struct), () => this.json(type, json));
  }

  /** JSON as Go's encoder writes the type: its order, with what the daemon has left out. */
  json(type: string, json: unknown): string {
    const isNothing = json === null || json === undefined;
    if (type.startsWith("*")) return isNothing ? "null" : this.json(type.slice(1), json);
    if (type.startsWith("[]")) {
      const element = type.slice(2);
      return Array.isArray(json) ? `[${json.map(item => this.json(element, item)).join(",")}]` : "null";
    }
    if (type.startsWith("map[")) {
      const element = type.slice(type.indexOf("]") + 1);
      if (!isObject(json)) return "null";
      const keys = Object.keys(json).toSorted();
      return `{${keys.map(key => `${JSON.stringify(key)}:${this.json(element, json[key])}`).join(",")}}`;
    }
    switch (type) {
      case "any":
        return JSON.stringify(json ?? null);
      case "string":
      case "time":
        return JSON.stringify(json ?? "");
      case "bool":
        return json === true ? "true" : "false";
      case "int":
        return typeof json === "number" || typeof json === "bigint" ? String(json) : "0";
      default:
        return `{${this.#members(type, isObject(json) ? json : {}).join(",")}}`;
    }
  }

  #members(type: string, json: Json): string[] {
    return this.#fields(type).flatMap(field => {
      if (field.isEmbedded) return this.#members(field.type.replace("*", ""), json);
      const value = json[field.jsonName];
      if (field.omitsEmpty && isEmpty(value, field.type)) return [];
      return [`${JSON.stringify(field.jsonName)}:${this.json(field.type, value)}`];
    });
  }
}

const notStruct = /^(?:\*|\[\]|map\[|(?:any|string|bool|int)$)/;

/** What `omitempty` leaves out: structs never, and times are structs. */
function isEmpty(value: unknown, type: string): boolean {
  if (value === undefined || value === null) return notStruct.test(type);
  if (type.startsWith("*")) return false;
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return type.startsWith("map[") && Object.keys(value).length === 0;
  return value === "" || value === 0 || value === false;
}

function timeText(json: unknown): string {
  return formatTimestampWithZone(parseTimestamp(typeof json === "string" ? json : "0001-01-01T00:00:00Z"));
}

function withJson<Value extends object>(
  value: Value & { readonly [goType]: string },
  json: () => string,
): Value {
  return Object.defineProperty(value, jsonText, { value: json, enumerable: false });
}
