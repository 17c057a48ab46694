/** The help of bare `docker`, of a group and of a command: Docker's layout, our words. */
import { type CommandTree, type Group, nameOf, type Row } from "./command.ts";
import type { FlagTable } from "./flags/flag.ts";
import { renderFlags } from "./flags/usage.ts";

const LEAST_NAME_WIDTH = 11;
const ABOUT = "Runs programs in containers";
const MORE = "'docker help COMMAND' tells what a command does and which options it takes.";

interface Line {
  readonly name: string;
  readonly summary: string;
}

/** Help for bare `docker`; `columns` is how wide the flags may be. */
export function rootHelp({ rows, groups }: CommandTree, flags: FlagTable, columns: number): string {
  const common = rows.filter(row => row.isCommon).map(lineOf);
  const others = rows.filter(row => !row.isCommon).map(lineOf);
  const width = nameWidth([...common, ...others, ...groups]);
  return sections([
    "Usage:  docker [OPTIONS] COMMAND",
    ABOUT,
    section("Common Commands", common, width),
    section("Management Commands", groups.toSorted(byName), width),
    section("Commands", others.toSorted(byName), width),
    `Global Options:\n${renderFlags(flags, columns)}`,
    "Run 'docker COMMAND --help' for more information on a command.",
    MORE,
  ]);
}

/** Help for `docker container` and the like. */
export function groupHelp({ name, summary, rows }: Group): string {
  const lines = rows.map(lineOf).toSorted(byName);
  return sections([
    `Usage:  docker ${name} COMMAND`,
    summary,
    section("Commands", lines, nameWidth(lines)),
    `Run 'docker ${name} COMMAND --help' for more information on a command.`,
  ]);
}

/** Help for a command; `usage` is its whole usage line. */
export function commandHelp({ command }: Row, usage: string, flags: FlagTable, columns: number): string {
  const options = renderFlags(flags, columns);
  return sections([
    `Usage:  ${usage}`,
    command.summary,
    ...(command.spellings ? [`Aliases:\n  ${command.spellings}`] : []),
    ...(options === "" ? [] : [`Options:\n${options}`]),
  ]);
}

function sections(parts: readonly string[]): string {
  return `${parts.join("\n\n")}\n`;
}

function section(title: string, lines: readonly Line[], width: number): string {
  return [`${title}:`, ...lines.map(line => `  ${line.name.padEnd(width)} ${line.summary}`)].join("\n");
}

function nameWidth(lines: readonly Line[]): number {
  return Math.max(LEAST_NAME_WIDTH, ...lines.map(({ name }) => name.length));
}

function lineOf(row: Row): Line {
  return { name: nameOf(row), summary: row.command.summary };
}

function byName(left: Line, right: Line): number {
  return left.name < right.name ? -1 : 1;
}
