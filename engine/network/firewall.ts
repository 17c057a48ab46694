import { messageOf } from "../base/errors.ts";
import { Mutex } from "../base/mutex.ts";
import { changeLines, reconcileLines } from "./rule-lines.ts";
import type { Rule, RuleMode } from "./rules.ts";

/** One family's tables in the kernel (iptables.ts). */
export interface RuleTables {
  /** Whether the kernel lacks the table "raw", as one may for IPv6: then its rules are left out. */
  readonly lacksRaw: boolean;
  /** All rules, as iptables-save prints them. */
  save(): Promise<string>;
  /** Carries out input of iptables-restore. */
  commit(lines: string): Promise<void>;
}

/** Rules under the name of what they belong to: a network, an endpoint, an endpoint's ports. */
export type OwnedRules = readonly [owner: string, rules: readonly Rule[]];

/** The packet filter rules of all networks, and the kernel's tables, which follow them. */
export class Firewall {
  readonly #tables: (family: 4 | 6) => Promise<RuleTables | null>;
  readonly #mode: RuleMode;
  readonly #bridges: () => ReadonlySet<string>;
  readonly #warn: (problem: string) => void;
  readonly #owned = new Map<string, readonly Rule[]>();
  readonly #families = new Map<4 | 6, FamilyState>();
  readonly #mutex = new Mutex();

  /**
   * `tables` finds a family's tables when they are first needed; null where there are none to be had. Rules that name
   * one of the `bridges` are ours.
   */
  constructor(
    tables: (family: 4 | 6) => Promise<RuleTables | null>,
    mode: RuleMode,
    bridges: () => ReadonlySet<string>,
    warn: (problem: string) => void,
  ) {
    this.#tables = tables;
    this.#mode = mode;
    this.#bridges = bridges;
    this.#warn = warn;
  }

  /** Notes rules without carrying them out: for what an earlier daemon has left, before start(). */
  adopt(owned: readonly OwnedRules[]): void {
    for (const [owner, rules] of owned) this.#owned.set(owner, rules);
  }

  /**
   * Brings the kernel's tables in line with all that was adopted; what is ours and belongs to nothing is removed. With
   * `dropForward` nothing is forwarded that no rule accepts.
   */
  start(dropForward: boolean): Promise<void> {
    return this.#mutex.run(async () => {
      await this.#family(4, dropForward);
      if (this.#needs(6)) await this.#family(6, dropForward);
    });
  }

  /** Gives owners new rules, no rules to those that go; resolves once the kernel has them. */
  apply(changes: readonly OwnedRules[]): Promise<void> {
    const before = changes.flatMap(([owner]) => this.#owned.get(owner) ?? []);
    const after = changes.flatMap(([, rules]) => rules);
    for (const [owner, rules] of changes) {
      if (rules.length === 0) this.#owned.delete(owner);
      else this.#owned.set(owner, rules);
    }
    if (before.length === 0 && after.length === 0) return Promise.resolve();
    return this.#mutex.run(() => this.#carryOut(before, after));
  }

  async #carryOut(before: readonly Rule[], after: readonly Rule[]): Promise<void> {
    for (const family of [4, 6] as const) {
      const concerned = [...before, ...after].some(rule => rule.family === family);
      if (!concerned) continue;
      const known = this.#families.get(family);
      if (!known) await this.#family(family, false);
      if (!known?.tables) continue;
      const lines = changeLines(
        before.filter(rule => isFor(rule, family, known.tables)),
        after.filter(rule => isFor(rule, family, known.tables)),
      );
      if (lines !== "") await this.#change(family, known.tables, lines);
    }
  }

  /** A difference assumes that nobody else has changed our rules; where somebody has, all are brought in line. */
  async #change(family: 4 | 6, tables: RuleTables, lines: string): Promise<void> {
    try {
      await tables.commit(lines);
    } catch (error) {
      this.#warn(
        `the packet filter rules are not as we left them, and are written anew: ${messageOf(error)}`,
      );
      await this.#reconcile(family, tables, false);
    }
  }

  /** Starts with a family: finds its tables, and brings them in line. */
  async #family(family: 4 | 6, dropForward: boolean): Promise<void> {
    const tables = await this.#tables(family);
    this.#families.set(family, { tables });
    if (tables) await this.#reconcile(family, tables, dropForward);
  }

  async #reconcile(family: 4 | 6, tables: RuleTables, dropForward: boolean): Promise<void> {
    const wanted = {
      family,
      rules: [...this.#owned.values()].flat().filter(rule => isFor(rule, family, tables)),
      hairpin: this.#mode.hairpin,
      bridges: this.#bridges(),
      dropForward,
    };
    await tables.commit(reconcileLines(await tables.save(), wanted));
  }

  #needs(family: 4 | 6): boolean {
    return [...this.#owned.values()].some(rules => rules.some(rule => rule.family === family));
  }
}

function isFor(rule: Rule, family: 4 | 6, tables: RuleTables | null): boolean {
  return rule.family === family && !(tables?.lacksRaw && rule.table === "raw");
}

interface FamilyState {
  /** null where rules are off. */
  readonly tables: RuleTables | null;
}
