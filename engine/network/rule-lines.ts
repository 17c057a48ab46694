import { baseRules, ownChains, type Rule, type RuleTable, USER_CHAIN } from "./rules.ts";

/** The order in which tables are written. */
const tables: readonly RuleTable[] = ["raw", "nat", "filter"];

function write(rule: Rule): string {
  return rule.at === "top" ? `-I ${rule.chain} 1 ${rule.spec}` : `-A ${rule.chain} ${rule.spec}`;
}

function take(rule: Rule): string {
  return `-D ${rule.chain} ${rule.spec}`;
}

/** A table's part of what iptables-restore reads; empty without lines. */
function block(table: RuleTable, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `*${table}\n${lines.join("\n")}\nCOMMIT\n`;
}

function keyOf({ table, chain, spec }: Rule): string {
  return `${table} ${chain} ${spec}`;
}

/** What iptables-restore must read so that rules change from some to others; empty where none do. */
export function changeLines(before: readonly Rule[], after: readonly Rule[]): string {
  const kept = new Set(before.map(keyOf));
  const wanted = new Set(after.map(keyOf));
  const added = after.filter(rule => !kept.has(keyOf(rule)));
  const removed = before.filter(rule => !wanted.has(keyOf(rule)));
  return tables
    .map(table =>
      block(table, [
        ...removed.filter(rule => rule.table === table).map(take),
        ...added.filter(rule => rule.table === table).map(write),
      ]),
    )
    .join("");
}

/** Rules by "table chain", in order, as iptables-save printed them. */
function parseSaved(saved: string): Map<string, string[]> {
  const chains = new Map<string, string[]>();
  let table = "";
  for (const line of saved.split("\n")) {
    if (line.startsWith("*")) table = line.slice(1);
    else if (line.startsWith(":")) chains.set(`${table} ${line.slice(1).split(" ")[0]}`, []);
    else if (line.startsWith("-A ")) {
      const end = line.indexOf(" ", 3);
      chains.get(`${table} ${line.slice(3, end)}`)?.push(line.slice(end + 1));
    }
  }
  return chains;
}

/** The shapes that our rules have in the kernel's chains, where BRIDGE stands for the name of an interface of ours. */
const shapes: Readonly<Record<string, readonly string[]>> = {
  "nat OUTPUT": ["(! -d \\S+ )?-m addrtype --dst-type LOCAL -j DOCKER"],
  "nat POSTROUTING": [
    "-s (\\S+) -d \\1 -p \\w+ -m \\w+ --dport \\d+ -j MASQUERADE",
    "-s \\S+ ! -o BRIDGE -j (MASQUERADE|SNAT --to-source \\S+)",
    "-o BRIDGE -m addrtype --src-type LOCAL -j (MASQUERADE|SNAT --to-source \\S+)",
  ],
  "raw PREROUTING": [
    "-d \\S+ ! -i BRIDGE -j DROP",
    "-d 127\\.\\S+ ! -i lo -p \\w+ -m \\w+ --dport \\d+ -j DROP",
  ],
};

function isOurs(chain: string, spec: string, bridges: ReadonlySet<string>): boolean {
  return (shapes[chain] ?? []).some(shape => {
    const match = new RegExp(`^${shape.replace("BRIDGE", "(?<bridge>\\S+)")}$`).exec(spec);
    const bridge = match?.groups?.["bridge"];
    return match !== null && (bridge === undefined || bridges.has(bridge));
  });
}

/** What we know about the rules that a family should have. */
export interface WantedRules {
  readonly family: 4 | 6;
  /** All but those of baseRules(). */
  readonly rules: readonly Rule[];
  readonly hairpin: boolean;
  /** The interfaces whose rules are ours, even where the network has gone. */
  readonly bridges: ReadonlySet<string>;
  /** Whether packets that no rule accepts are not forwarded. */
  readonly dropForward: boolean;
}

/**
 * What iptables-restore must read so that the tables, which iptables-save printed, hold just the rules that we want
 * besides those of others. The chains that are ours alone are written anew, all at once. In the others nothing of
 * anybody else's is touched.
 */
export function reconcileLines(saved: string, wanted: WantedRules): string {
  const chains = parseSaved(saved);
  const rules = [...baseRules(wanted.family, wanted), ...wanted.rules].filter(
    rule => rule.family === wanted.family,
  );
  return tables
    .map(table =>
      block(table, [
        ...(table === "filter" && wanted.dropForward ? [":FORWARD DROP [0:0]"] : []),
        ...ownChains[table].map(chain => `:${chain} - [0:0]`),
        ...(table === "filter" && !chains.has(`filter ${USER_CHAIN}`) ? [`:${USER_CHAIN} - [0:0]`] : []),
        ...sharedLines(table, chains, rules, wanted.bridges),
        ...rules.filter(rule => rule.table === table && ownChains[table].includes(rule.chain)).map(write),
      ]),
    )
    .join("");
}

/** What changes in the chains of a table that are not ours alone. */
function sharedLines(
  table: RuleTable,
  chains: ReadonlyMap<string, readonly string[]>,
  rules: readonly Rule[],
  bridges: ReadonlySet<string>,
): string[] {
  const shared = rules.filter(rule => rule.table === table && !ownChains[table].includes(rule.chain));
  const names = new Set(shared.map(rule => rule.chain));
  for (const chain of Object.keys(shapes)) {
    const [chainTable, name = ""] = chain.split(" ");
    if (chainTable === table) names.add(name);
  }
  return [...names].flatMap(chain => {
    const present = chains.get(`${table} ${chain}`) ?? [];
    const own = shared.filter(rule => rule.chain === chain);
    return chain === "FORWARD"
      ? jumpLines(own, present)
      : differenceLines(table, chain, own, present, bridges);
  });
}

/** Jumps that must come before everything else: moved up unless they are there already. */
function jumpLines(jumps: readonly Rule[], present: readonly string[]): string[] {
  const order = jumps.map(rule => rule.spec).toReversed();
  if (order.every((spec, index) => present[index] === spec)) return [];
  return [
    ...jumps.flatMap(rule => present.filter(spec => spec === rule.spec).map(() => take(rule))),
    ...jumps.map(write),
  ];
}

function differenceLines(
  table: RuleTable,
  chain: string,
  own: readonly Rule[],
  present: readonly string[],
  bridges: ReadonlySet<string>,
): string[] {
  const wanted = new Set(own.map(rule => rule.spec));
  const seen = new Set<string>();
  const lines: string[] = [];
  for (const spec of present) {
    const keep = wanted.has(spec) ? !seen.has(spec) : !isOurs(`${table} ${chain}`, spec, bridges);
    seen.add(spec);
    if (!keep) lines.push(`-D ${chain} ${spec}`);
  }
  return [...lines, ...own.filter(rule => !seen.has(rule.spec)).map(write)];
}
