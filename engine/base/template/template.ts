/**
 * Go's text/template, as the `--format` of Docker's commands uses it. Data are plain JavaScript values; see
 * `value.ts` for how they stand for Go's. Complex numbers and `call` of function values do not exist.
 */
import { byteLength } from "../utf8.ts";
import { dockerFunctions } from "./docker-functions.ts";
import type { Environment } from "./evaluator.ts";
import { execute } from "./execution.ts";
import { builtinFunctions, type FunctionTable } from "./functions.ts";
import { parse, type TemplateSet } from "./parser.ts";

export { dockerFunctions, headerFunctions } from "./docker-functions.ts";
export { jsonText } from "./json.ts";
export type { FunctionTable, ParameterType, TemplateFunction } from "./functions.ts";
export { Float, goType, NilPointer, type Typed, typed } from "./value.ts";

/** What a single execution may change. */
export interface ExecuteOptions {
  /** Functions to use instead of those that the template was parsed with. */
  readonly functions?: FunctionTable;
  /** Whether reading a map's entry that does not exist fails; else it is "no value". */
  readonly failOnMissingKey?: boolean;
}

/**
 * Parses `text` once for many executions. `name` is the template's name in messages; Docker leaves it empty.
 * `functions` are those that the text may call beside Go's own. Fails with Go's words, as in
 * `template: :1: unclosed action`.
 */
export function parseTemplate(
  name: string,
  text: string,
  functions: FunctionTable = dockerFunctions,
): Template {
  const isFunction = (called: string): boolean =>
    Object.hasOwn(functions, called) || Object.hasOwn(builtinFunctions, called);
  return new Template(name, text, parse(name, text, isFunction), functions);
}

/** A parsed template. */
export class Template {
  readonly #name: string;
  readonly #text: string;
  readonly #bodies: TemplateSet;
  readonly #functions: FunctionTable;

  constructor(name: string, text: string, bodies: TemplateSet, functions: FunctionTable) {
    this.#name = name;
    this.#text = text;
    this.#bodies = bodies;
    this.#functions = functions;
  }

  /**
   * The text for `data`. Fails with Go's words, as in
   * `template: :1:2: executing "" at <.Foo>: can't evaluate field Foo in type *x.y`.
   */
  execute(data: unknown, options: ExecuteOptions = {}): string {
    const output: string[] = [];
    const context = {
      output,
      body: (name: string) => this.#bodies.get(name),
      environment: (name: string) => this.#environmentOf(name, options),
    };
    execute(context, this.#name, this.#bodies.get(this.#name) ?? [], data ?? undefined);
    return output.join("");
  }

  #environmentOf(
    name: string,
    { functions = this.#functions, failOnMissingKey = false }: ExecuteOptions,
  ): Environment {
    return {
      name,
      isStrict: failOnMissingKey,
      function: called => (Object.hasOwn(functions, called) ? functions[called] : builtinFunctions[called]),
      locate: position => this.#locate(position),
    };
  }

  /** Line from 1 and column from 0 in bytes, except that Go counts the first line's columns alike. */
  #locate(position: number): string {
    const lines = this.#text.slice(0, position).split("\n");
    return `${this.#name}:${lines.length}:${byteLength(lines.at(-1) ?? "")}`;
  }
}
