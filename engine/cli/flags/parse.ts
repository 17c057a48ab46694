/** Parses a command's arguments after a flag table, with the rules and messages of spf13/pflag. */
import { EngineError, messageOf } from "../../base/errors.ts";
import { quote, quoteCharacter } from "../../base/quote.ts";
import type { Flag, FlagTable, FlagValues } from "./flag.ts";

/** What was found in a command's arguments. */
export interface ParsedFlags<Table extends FlagTable> {
  /** The value of each flag: its initial one where it was not given. */
  readonly values: FlagValues<Table>;
  /** The names of the flags that were given. */
  readonly given: ReadonlySet<keyof Table & string>;
  /** The arguments that are neither flags nor values of flags. */
  readonly positionals: readonly string[];
  /** How many positionals stood before `--`; undefined without one. */
  readonly dash: number | undefined;
  /** Lines for the user about deprecated names. */
  readonly warnings: readonly string[];
}

/** How to treat arguments behind the first positional. */
export interface ParseOptions {
  /** Whether flags may follow positionals, as most commands allow; else parsing stops at the first one. */
  readonly interspersed?: boolean;
}

/** Parses `args`, which do not include the command's name. Fails as pflag does: `unknown flag: --foo`. */
export function parseFlags<Table extends FlagTable>(
  table: Table,
  args: readonly string[],
  { interspersed = true }: ParseOptions = {},
): ParsedFlags<Table> {
  const parser = new FlagParser(table, args);
  parser.run(interspersed);
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each value comes from its flag's type
    values: parser.values as FlagValues<Table>,
    given: parser.given,
    positionals: parser.positionals,
    dash: parser.dash,
    warnings: parser.warnings,
  };
}

class FlagParser {
  readonly values: Record<string, unknown> = {};
  readonly given = new Set<string>();
  readonly positionals: string[] = [];
  readonly warnings: string[] = [];
  dash: number | undefined;
  readonly #table: FlagTable;
  readonly #args: readonly string[];
  readonly #namesOfShorts = new Map<string, string>();
  #next = 0;

  constructor(table: FlagTable, args: readonly string[]) {
    this.#table = table;
    this.#args = args;
    for (const name of Object.keys(table)) {
      const flag = table[name];
      this.values[name] = flag?.type.initial;
      if (flag?.short !== undefined) this.#namesOfShorts.set(flag.short, name);
    }
  }

  run(interspersed: boolean): void {
    for (let arg = this.#take(); arg !== undefined; arg = this.#take()) {
      if (arg === "--") {
        this.dash = this.positionals.length;
        this.#takeRest();
      } else if (arg.startsWith("--")) {
        this.#parseLong(arg);
      } else if (arg.startsWith("-") && arg !== "-") {
        this.#parseShorts(arg.slice(1));
      } else {
        this.positionals.push(arg);
        if (!interspersed) this.#takeRest();
      }
    }
  }

  #take(): string | undefined {
    return this.#args[this.#next++];
  }

  #takeRest(): void {
    this.positionals.push(...this.#args.slice(this.#next));
    this.#next = this.#args.length;
  }

  #parseLong(arg: string): void {
    const body = arg.slice(2);
    if (body.startsWith("-") || body.startsWith("=")) throw fault(`bad flag syntax: ${arg}`);
    const equals = body.indexOf("=");
    const name = equals === -1 ? body : body.slice(0, equals);
    const flag = Object.hasOwn(this.#table, name) ? this.#table[name] : undefined;
    if (flag === undefined) throw fault(`unknown flag: --${name}`);
    const text = equals === -1 ? (flag.type.alone ?? this.#take()) : body.slice(equals + 1);
    if (text === undefined) throw fault(`flag needs an argument: ${arg}`);
    this.#set(name, flag, text);
  }

  /** Parses a cluster of short names, of which only the last may take a value. */
  #parseShorts(cluster: string): void {
    for (let rest = cluster; rest !== ""; ) {
      const letter = String.fromCodePoint(rest.codePointAt(0) ?? 0);
      const behind = rest.slice(letter.length);
      const [name, flag] = this.#findShort(letter, rest);
      if (flag.shortDeprecated !== undefined) {
        this.warnings.push(`Flag shorthand -${letter} has been deprecated, ${flag.shortDeprecated}`);
      }
      const isAssigned = behind.length > 1 && behind.startsWith("=");
      const takesRest = isAssigned || (flag.type.alone === undefined && behind !== "");
      const inCluster = isAssigned ? behind.slice(1) : behind;
      const text = takesRest ? inCluster : (flag.type.alone ?? this.#take());
      if (text === undefined) throw fault(`flag needs an argument: ${quoteCharacter(letter)} in -${rest}`);
      this.#set(name, flag, text);
      rest = takesRest ? "" : behind;
    }
  }

  #findShort(letter: string, cluster: string): [name: string, flag: Flag] {
    const name = this.#namesOfShorts.get(letter) ?? "";
    const flag = this.#table[name];
    if (flag === undefined) throw fault(`unknown shorthand flag: ${quoteCharacter(letter)} in -${cluster}`);
    return [name, flag];
  }

  #set(name: string, flag: Flag, text: string): void {
    const target = flag.aliasOf ?? name;
    try {
      this.values[target] = flag.type.parse(text, this.given.has(target) ? this.values[target] : undefined);
    } catch (cause) {
      const isShortShown = flag.short !== undefined && flag.shortDeprecated === undefined;
      const names = isShortShown ? `-${flag.short}, --${name}` : `--${name}`;
      throw fault(`invalid argument ${quote(text)} for ${quote(names)} flag: ${messageOf(cause)}`, cause);
    }
    this.given.add(target);
    if (flag.deprecated !== undefined)
      this.warnings.push(`Flag --${name} has been deprecated, ${flag.deprecated}`);
  }
}

function fault(message: string, cause?: unknown): EngineError {
  return new EngineError("invalid", message, { cause });
}
