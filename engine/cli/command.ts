import type { Arity } from "./arity.ts";
import type { Completer } from "./completion/completer.ts";
import type { CommandContext } from "./context.ts";
import type { FlagTable } from "./flags/flag.ts";
import type { ParsedFlags } from "./flags/parse.ts";

/** What a command was called with. */
export interface Call<Table extends FlagTable = FlagTable> extends ParsedFlags<Table> {
  /** The last word of the command's name, as it was typed. */
  readonly calledAs: string;
}

/** A command, under whichever names the tree has it. */
export interface Command<Table extends FlagTable = FlagTable> {
  /** One line for lists of commands and for the head of its help. */
  readonly summary: string;
  /** All the ways to write it, as help shows them; empty where there is only one. */
  readonly spellings?: string;
  readonly arity: Arity;
  /** Built when the command is first called. */
  flags?(): Table;
  /** Whether flags stop at the first argument, because what follows is another command's line. */
  readonly stopsAtArgument?: boolean;
  /** Candidates for an argument. Files, where nothing is said. */
  readonly complete?: Completer;
  /** Candidates for the values of flags. */
  readonly completeFlags?: Readonly<Record<string, Completer>>;
  /** Candidates for the values of all other flags. Files, where nothing is said. */
  readonly completeOtherFlags?: Completer;
  /** Does it. What it throws is printed, and ends the program with 1 or the status of a StatusError. */
  run(context: CommandContext, call: Call<Table>): Promise<void> | void;
}

/** A place of a command in the tree. */
export interface Row {
  /** Its usage line without the words before it: the first word is its name there. */
  readonly usage: string;
  /** Other names in the same place. */
  readonly aliases?: readonly string[];
  readonly command: Command;
  /** Whether bare `docker` lists it first, in the order of the rows. */
  readonly isCommon?: boolean;
}

/** Commands about one kind of object: `docker container ...`. */
export interface Group {
  readonly name: string;
  /** How errors show its use; its name, where nothing is said. */
  readonly usage?: string;
  readonly summary: string;
  readonly rows: readonly Row[];
}

/** All commands. */
export interface CommandTree {
  readonly rows: readonly Row[];
  readonly groups: readonly Group[];
}

/** The name in a row's usage line. */
export function nameOf(row: Row): string {
  const space = row.usage.indexOf(" ");
  return space < 0 ? row.usage : row.usage.slice(0, space);
}

/** Checks that a command's parts fit each other. */
export function command<Table extends FlagTable>(definition: Command<Table>): Command<Table> {
  return definition;
}
