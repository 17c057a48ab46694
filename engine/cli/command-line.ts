/** Finds the command that a command line names, parses its flags and runs it. */
import { EngineError, messageOf } from "../base/errors.ts";
import { arityFault } from "./arity.ts";
import { CLIENT_VERSION } from "./client-version.ts";
import { type Command, type CommandTree, type Group, nameOf, type Row } from "./command.ts";
import { COMPLETION_COMMANDS, completeLine } from "./completion/complete-line.ts";
import { CommandContext, type Shared } from "./context.ts";
import type { FlagTable } from "./flags/flag.ts";
import { type ParsedFlags, parseFlags } from "./flags/parse.ts";
import { bool } from "./flags/scalar-types.ts";
import { defaultColumns } from "./flags/usage.ts";
import { defaultOptions, globalFlags, optionsFrom } from "./global-options.ts";
import { commandHelp, groupHelp, rootHelp } from "./help.ts";
import type { Session } from "./session.ts";
import { StatusError } from "./status-error.ts";

const ROOT_USAGE = "docker [OPTIONS] COMMAND [ARG...]";
/** What bad flags end with. */
const USAGE_STATUS = 125;

const helpFlag = {
  help: { type: bool(), short: "h", shortDeprecated: "use --help", usage: "Show this help", hidden: true },
} as const;

/** A row and how it was reached. */
export interface Found {
  readonly row: Row;
  /** The words that name it: "docker container ls". */
  readonly path: string;
  readonly usage: string;
}

interface Place {
  readonly entries: ReadonlyMap<string, Row>;
  /** "docker container " */
  readonly prefix: string;
}

function indexRows(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.flatMap(row => [nameOf(row), ...(row.aliases ?? [])].map(name => [name, row])));
}

/** All commands, ready to be run many times. */
export class CommandLine {
  readonly tree: CommandTree;
  readonly shared: Shared;
  readonly #root: Place;
  readonly #groups: ReadonlyMap<string, Group>;
  /** Made when they are first needed. */
  readonly #places = new Map<Group, Place>();
  readonly #flags = new Map<Command, FlagTable>();

  constructor(tree: CommandTree, shared: Shared) {
    this.tree = tree;
    this.shared = shared;
    this.#root = { entries: indexRows(tree.rows), prefix: "docker " };
    this.#groups = new Map(tree.groups.map(group => [group.name, group]));
  }

  /** Runs a command line to its end, all output written. Returns the exit status. */
  async run(session: Session): Promise<number> {
    const { words } = session;
    const hasOptions = words[0]?.startsWith("-") ?? false;
    const context = new CommandContext(this.shared, session, defaultOptions(session));
    try {
      const running = hasOptions ? this.#runWithOptions(context) : this.#dispatch(context, words, false);
      running.catch(() => {}); // it may fail after an interruption has won
      await Promise.race([running, context.interruption]);
      await Promise.race([flush(context), context.interruption]);
      return 0;
    } catch (error) {
      return await fail(context, error);
    } finally {
      context.scope.end();
    }
  }

  /** The flags of a command, with the help flag that all have. */
  flagsOf(command: Command): FlagTable {
    const known = this.#flags.get(command);
    if (known) return known;
    const table = { ...helpFlag, ...command.flags?.() };
    this.#flags.set(command, table);
    return table;
  }

  group(name: string): Group | undefined {
    return this.#groups.get(name);
  }

  /** A command by its words; how many of them are its name. */
  find(words: readonly string[]): { found: Found; length: number } | undefined {
    const [first = "", second = ""] = words;
    const group = this.#groups.get(first);
    const row = group ? this.#placeOf(group).entries.get(second) : this.#root.entries.get(first);
    if (!row) return undefined;
    const prefix = group ? `docker ${first} ` : "docker ";
    return {
      found: { row, path: prefix + nameOf(row), usage: prefix + row.usage },
      length: group ? 2 : 1,
    };
  }

  #placeOf(group: Group): Place {
    let place = this.#places.get(group);
    if (!place) {
      place = { entries: indexRows(group.rows), prefix: `docker ${group.name} ` };
      this.#places.set(group, place);
    }
    return place;
  }

  async #runWithOptions(context: CommandContext): Promise<void> {
    const { session } = context;
    const table = { ...globalFlags(session), ...helpFlag };
    const parsed = orUsageError(
      () => parseFlags(table, session.words, { interspersed: false }),
      ROOT_USAGE,
      "docker",
    );
    const { values, given, positionals } = parsed;
    for (const warning of parsed.warnings) void context.stderr.line(warning);
    const options = optionsFrom(values, given, session);
    context.useOptions(options);
    if (values.version && positionals.length === 0) {
      readConfig(context);
      context.insistOnOutput();
      await context.stdout.line(`Docker version ${CLIENT_VERSION.version}, build ${CLIENT_VERSION.commit}`);
      return;
    }
    await this.#dispatch(context, positionals, values.help);
  }

  async #dispatch(context: CommandContext, words: readonly string[], wantsHelp: boolean): Promise<void> {
    readConfig(context);
    const [first] = words;
    if (first === undefined) {
      await (wantsHelp ? context.stdout : context.stderr).write(this.#rootHelp(context));
      return;
    }
    if (first === "help") return this.#help(context, words.slice(1));
    const withDescriptions = COMPLETION_COMMANDS.get(first);
    if (withDescriptions !== undefined) return completeLine(context, this, words.slice(1), withDescriptions);
    const match = this.find(words);
    if (match) return this.#runRow(context, match.found, words, match.length, wantsHelp);
    const group = this.#groups.get(first);
    if (group) return this.#runGroup(context, group, words.slice(1), wantsHelp);
    await this.#refuse(context, words);
  }

  async #runRow(
    context: CommandContext,
    { row, path, usage }: Found,
    words: readonly string[],
    length: number,
    wantsHelp: boolean,
  ): Promise<void> {
    const { command } = row;
    const table = this.flagsOf(command);
    const parsed: ParsedFlags<FlagTable> = orUsageError(
      () => parseFlags(table, words.slice(length), { interspersed: !command.stopsAtArgument }),
      usage,
      path,
    );
    for (const warning of parsed.warnings) void context.stdout.line(warning);
    if (wantsHelp || parsed.values["help"] === true) {
      await context.stdout.write(commandHelp(row, usage, table, columnsOf(context.session)));
      return;
    }
    const fault = arityFault(command.arity, parsed.positionals.length, path, usage);
    if (fault !== undefined) throw new EngineError("invalid", fault);
    await command.run(context, { ...parsed, calledAs: words[length - 1] ?? "" });
  }

  /** A group alone, or with a word that names none of its commands. */
  async #runGroup(
    context: CommandContext,
    group: Group,
    words: readonly string[],
    wantsHelp: boolean,
  ): Promise<void> {
    const path = `docker ${group.name}`;
    const usage = `docker ${group.usage ?? group.name}`;
    const { values, positionals } = orUsageError(() => parseFlags(helpFlag, words), usage, path);
    const [unknown] = positionals;
    if (wantsHelp || values.help) await context.stdout.write(groupHelp(group));
    else if (unknown === undefined) await context.stderr.write(groupHelp(group));
    else {
      throw new EngineError(
        "invalid",
        `docker: unknown command: ${path} ${unknown}\n\nUsage:  ${usage}\n\nRun '${path} --help' for more information`,
      );
    }
  }

  /** No such command; its flags are then those of `docker` itself. */
  async #refuse(context: CommandContext, words: readonly string[]): Promise<void> {
    const table = { ...globalFlags(context.session), ...helpFlag };
    const { values, positionals } = orUsageError(() => parseFlags(table, words), ROOT_USAGE, "docker");
    if (values.help) await context.stdout.write(this.#rootHelp(context));
    else {
      throw new EngineError(
        "invalid",
        `docker: unknown command: docker ${positionals[0]}\n\nRun 'docker --help' for more information`,
      );
    }
  }

  async #help(context: CommandContext, words: readonly string[]): Promise<void> {
    const columns = columnsOf(context.session);
    const match = this.find(words);
    const group = this.#groups.get(words[0] ?? "");
    if (words.length === 0) await context.stdout.write(this.#rootHelp(context));
    else if (match?.length === words.length) {
      const { row, usage } = match.found;
      await context.stdout.write(commandHelp(row, usage, this.flagsOf(row.command), columns));
    } else if (group && words.length === 1) await context.stdout.write(groupHelp(group));
    else {
      const known = match?.length ?? (group ? 1 : 0);
      throw new EngineError("invalid", `unknown help topic: ${words.slice(known).join(" ")}`);
    }
  }

  #rootHelp({ session }: CommandContext): string {
    return rootHelp(this.tree, globalFlags(session), columnsOf(session));
  }
}

/** Docker reads the user's settings, and warns of them, whatever the command is. */
function readConfig(context: CommandContext): void {
  void context.config;
}

function columnsOf(session: Session): number {
  const columns = session.stdin.size()?.columns;
  return columns === undefined ? defaultColumns : columns - 1;
}

/** What parsing throws, with the hints that Docker adds. */
function orUsageError<T>(parse: () => T, usage: string, path: string): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const message = `${error.message}\n\nUsage:  ${usage}\n\nRun '${path} --help' for more information`;
    throw new StatusError(USAGE_STATUS, message, { cause: error });
  }
}

/** Tells what went wrong, and returns the exit status. */
async function fail(context: CommandContext, error: unknown): Promise<number> {
  const message = messageOf(error);
  if (message !== "") void context.stderr.line(message);
  // Who is interrupted does not wait for a reader of stdout that may be the reason.
  if (!context.scope.ended) await Promise.race([flush(context), context.interruption]).catch(() => {});
  else if (message !== "") await context.stderr.flush();
  return error instanceof StatusError ? error.status : 1;
}

async function flush({ stdout, stderr }: CommandContext): Promise<void> {
  await stdout.flush();
  await stderr.flush();
}
