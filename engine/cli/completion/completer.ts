import type { CommandContext } from "../context.ts";

/** What a shell does with candidates besides offering them (spf13/cobra's ShellCompDirective). */
export const Directive = { default: 0, error: 1, noSpace: 2, noFiles: 4 } as const;

export interface Candidates {
  /** One a line; a tab may separate a description. */
  readonly words: readonly string[];
  readonly directive: number;
}

/** Finds candidates. `args` are the arguments before the word that is being typed. */
export type Completer = (
  context: CommandContext,
  args: readonly string[],
  word: string,
) => Candidates | Promise<Candidates>;
