/** Flags of a command as data: a table that parsing, help and the types of the parsed values share. */

/** How a flag's text becomes its value. */
export interface FlagType<Value> {
  /** What stands for the value in help; empty for a switch, which takes none. */
  readonly word: string;
  /** The value of a flag that is not given. */
  readonly initial: Value;
  /** The initial value as help shows it after "default"; empty to show none. */
  readonly shown: string;
  /** The text that the flag stands for when no value follows it; without this a value is required. */
  readonly alone?: string;
  /**
   * The value after one more occurrence of the flag with `text`. `previous` is the value after the occurrence
   * before, undefined at the first one. What it throws is reported with the flag's name.
   */
  parse(text: string, previous: Value | undefined): Value;
}

/** One flag; its long name is its key in the {@link FlagTable}. */
export interface Flag<Value = unknown> {
  readonly type: FlagType<Value>;
  /** What it does; line breaks are kept in help. */
  readonly usage: string;
  /** The single letter that may stand for the long name. */
  readonly short?: string;
  /** Whether help leaves it out. */
  readonly hidden?: boolean;
  /** Another flag of the table, of the same type, for which this one only is an older name. */
  readonly aliasOf?: string;
  /** What to use instead; the flag then works, with a warning, and is hidden. */
  readonly deprecated?: string;
  /** What to use instead of the short name, which then works with a warning and is hidden. */
  readonly shortDeprecated?: string;
}

/** The flags of a command by their long names. */
export type FlagTable = Readonly<Record<string, Flag>>;

/** The values of a table's flags, each of the type that its flag has. */
export type FlagValues<Table extends FlagTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Flag<infer Value> ? Value : never;
};
