/** `docker __complete`: what may stand where the user's shell asks, in the protocol of spf13/cobra. */
import { EngineError } from "../../base/errors.ts";
import { type Command, type CommandTree, type Group, nameOf, type Row } from "../command.ts";
import type { CommandContext } from "../context.ts";
import type { Flag, FlagTable } from "../flags/flag.ts";
import { parseFlags } from "../flags/parse.ts";
import { globalFlags, optionsFrom } from "../global-options.ts";
import { type Candidates, type Completer, Directive } from "./completer.ts";
import { fileNames } from "./completers.ts";

/** The hidden commands, and whether their candidates come with descriptions. */
export const COMPLETION_COMMANDS: ReadonlyMap<string, boolean> = new Map([
  ["__complete", true],
  ["__completeNoDesc", false],
]);

/** Where to look commands up. */
export interface CommandIndex {
  readonly tree: CommandTree;
  find(
    words: readonly string[],
  ): { readonly found: { readonly row: Row }; readonly length: number } | undefined;
  group(name: string): Group | undefined;
  flagsOf(command: Command): FlagTable;
}

/** What stands in front of the word that is being typed. */
interface Scanned {
  readonly positionals: readonly string[];
  /** The flag whose value comes next. */
  readonly awaiting: string | undefined;
  /** Whether a flag may come next. */
  readonly takesFlags: boolean;
}

const DIRECTIVE_NAMES: readonly (readonly [number, string])[] = [
  [Directive.error, "ShellCompDirectiveError"],
  [Directive.noSpace, "ShellCompDirectiveNoSpace"],
  [Directive.noFiles, "ShellCompDirectiveNoFileComp"],
];

/** Prints the candidates for the last of `words`, then the directive; its name goes to stderr. */
export async function completeLine(
  context: CommandContext,
  index: CommandIndex,
  words: readonly string[],
  withDescriptions: boolean,
): Promise<void> {
  const { words: lines, directive } = await candidates(
    context,
    index,
    words.slice(0, -1),
    words.at(-1) ?? "",
  );
  const shown = withDescriptions ? lines : lines.map(line => line.split("\t", 1)[0] ?? "");
  await context.stdout.write([...shown, `:${directive}`].map(line => `${line}\n`).join(""));
  await context.stderr.line(`Completion ended with directive: ${directiveName(directive)}`);
}

async function candidates(
  context: CommandContext,
  index: CommandIndex,
  args: readonly string[],
  word: string,
): Promise<Candidates> {
  const globals = globalFlags(context.session);
  const options = scan(globals, args, false);
  const names = options.positionals;
  if (names.length === 0) {
    if (options.awaiting !== undefined) return fileNames(context, [], word);
    if (word.startsWith("-")) return flagNames(globals, word);
    return commandNames([...index.tree.rows, ...index.tree.groups], word);
  }
  useOptions(context, globals, args);
  const match = index.find(names);
  if (match) return forCommand(context, index, match.found.row.command, names.slice(match.length), word);
  const group = index.group(names[0] ?? "");
  return group && names.length === 1 ? commandNames(group.rows, word) : nothing;
}

/** Candidates come from the daemon that the line names. Options that are wrong are for the command itself to refuse. */
function useOptions(
  context: CommandContext,
  globals: ReturnType<typeof globalFlags>,
  args: readonly string[],
): void {
  try {
    const { values, given } = parseFlags(globals, args, { interspersed: false });
    context.useOptions(optionsFrom(values, given, context.session));
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
  }
}

const nothing: Candidates = { words: [], directive: Directive.noFiles };

async function forCommand(
  context: CommandContext,
  index: CommandIndex,
  command: Command,
  args: readonly string[],
  word: string,
): Promise<Candidates> {
  const table = index.flagsOf(command);
  const { positionals, awaiting, takesFlags } = scan(table, args, !command.stopsAtArgument);
  if (awaiting !== undefined) return valuesOf(command, awaiting)(context, positionals, word);
  if (takesFlags && word.startsWith("-")) {
    const equals = word.indexOf("=");
    if (equals < 0) return flagNames(table, word);
    const name = longName(table, word.slice(0, equals));
    return name === undefined
      ? nothing
      : valuesOf(command, name)(context, positionals, word.slice(equals + 1));
  }
  return (command.complete ?? fileNames)(context, positionals, word);
}

function valuesOf(command: Command, flag: string): Completer {
  return command.completeFlags?.[flag] ?? command.completeOtherFlags ?? fileNames;
}

/** Reads `args` as far as they are flags of `table`; what it does not know it takes for a switch. */
function scan(table: FlagTable, args: readonly string[], interspersed: boolean): Scanned {
  const positionals: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    const isFlag = arg.startsWith("-") && arg !== "-";
    if (arg === "--" || (!isFlag && !interspersed)) {
      positionals.push(...args.slice(arg === "--" ? at + 1 : at));
      return { positionals, awaiting: undefined, takesFlags: false };
    }
    if (!isFlag) positionals.push(arg);
    else if (takesNext(table, arg)) {
      at++;
      if (at === args.length) return { positionals, awaiting: longName(table, arg), takesFlags: false };
    }
  }
  return { positionals, awaiting: undefined, takesFlags: true };
}

/** Whether the value of the flag in `arg` is the next word. Of a cluster, only the last letter can ask for one. */
function takesNext(table: FlagTable, arg: string): boolean {
  if (arg.includes("=")) return false;
  const flag = table[longName(table, arg) ?? ""];
  return flag !== undefined && flag.type.alone === undefined;
}

/** The long name of the flag that `arg` is: "--name", "-n" or the last of "-abn". */
function longName(table: FlagTable, arg: string): string | undefined {
  if (arg.startsWith("--")) return Object.hasOwn(table, arg.slice(2)) ? arg.slice(2) : undefined;
  const names = Object.keys(table);
  const letters = Array.from(arg.slice(1), letter => names.find(name => table[name]?.short === letter));
  const first = letters.findIndex(name => name !== undefined && table[name]?.type.alone === undefined);
  // "-eFOO": what follows a letter that takes a value is that value.
  return first >= 0 && first < letters.length - 1 ? undefined : letters.at(-1);
}

function flagNames(table: FlagTable, word: string): Candidates {
  const words = Object.entries(table)
    .filter(([, flag]) => !flag.hidden && flag.deprecated === undefined)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([name, flag]) => spellings(name, flag).filter(spelling => spelling.startsWith(word)));
  return { words, directive: Directive.noFiles };
}

function spellings(name: string, { usage, short, shortDeprecated }: Flag): string[] {
  const description = usage.split("\n", 1)[0] ?? "";
  const long = `--${name}\t${description}`;
  return short === undefined || shortDeprecated !== undefined ? [long] : [long, `-${short}\t${description}`];
}

function commandNames(places: readonly (Row | Group)[], word: string): Candidates {
  const lines = places.map(place =>
    "command" in place ? `${nameOf(place)}\t${place.command.summary}` : `${place.name}\t${place.summary}`,
  );
  return { words: lines.filter(line => line.startsWith(word)).toSorted(), directive: Directive.noFiles };
}

function directiveName(directive: number): string {
  const names = DIRECTIVE_NAMES.filter(([bit]) => (directive & bit) !== 0).map(([, name]) => name);
  return names.length > 0 ? names.join(", ") : "ShellCompDirectiveDefault";
}
