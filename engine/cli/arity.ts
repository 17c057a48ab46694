/** How many arguments a command takes, and what it says where they are too many or too few. */

export interface Arity {
  readonly least: number;
  readonly most: number;
}

export const noArguments: Arity = { least: 0, most: 0 };

export function exactly(count: number): Arity {
  return { least: count, most: count };
}

export function atLeast(count: number): Arity {
  return { least: count, most: Number.POSITIVE_INFINITY };
}

export function atMost(count: number): Arity {
  return { least: 0, most: count };
}

/** What is wrong with so many arguments; undefined where nothing is. `path` is the command as it was called. */
export function arityFault(arity: Arity, count: number, path: string, usage: string): string | undefined {
  const { least, most } = arity;
  if (count >= least && count <= most) return undefined;
  const hint = most === Number.POSITIVE_INFINITY ? "See" : "Run";
  return `docker: '${path}' ${requirement(arity)}\n\nUsage:  ${usage}\n\n${hint} '${path} --help' for more information`;
}

function requirement({ least, most }: Arity): string {
  if (most === 0) return "accepts no arguments";
  if (most === Number.POSITIVE_INFINITY) return `requires at least ${argumentCount(least)}`;
  if (least === most) return `requires ${argumentCount(least)}`;
  return least === 0
    ? `requires at most ${argumentCount(most)}`
    : `requires at least ${least} and at most ${argumentCount(most)}`;
}

function argumentCount(count: number): string {
  return `${count} argument${count === 1 ? "" : "s"}`;
}
