import { messageOf } from "../base/errors.ts";
import type { FakeCoprocess } from "../sys/fake/processes.ts";
import type { FakeSys } from "../sys/fake/sys.ts";

/** The chains that the kernel has by itself. */
const BUILT_IN: Readonly<Record<string, readonly string[]>> = {
  raw: ["PREROUTING", "OUTPUT"],
  nat: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
  filter: ["INPUT", "FORWARD", "OUTPUT"],
};

interface Chain {
  policy: string;
  rules: string[];
}

type Table = Map<string, Chain>;

class BadLine extends Error {}

/** Plays iptables-save and iptables-restore, and the kernel's tables behind them. */
export class FakeIptables {
  readonly #tables = new Map<string, Table>();
  #refuses = false;
  /** What iptables-restore was given so far, without comments. */
  input = "";
  /** How often iptables-restore has committed a table. */
  commits = 0;

  constructor(sys: FakeSys) {
    for (const [name, chains] of Object.entries(BUILT_IN))
      this.#tables.set(name, new Map(chains.map(chain => [chain, { policy: "ACCEPT", rules: [] }])));
    this.install(sys);
  }

  /** Puts the programs on a machine: also on one that was started again. */
  install(sys: FakeSys): void {
    sys.files.seed({ "/usr/sbin/iptables-restore": "", "/usr/sbin/iptables-save": "" });
    sys.processes.onRun = (file, argv) =>
      file.endsWith("-save")
        ? { code: 0, stdout: this.save(), stderr: "" }
        : { code: 127, stdout: "", stderr: argv.join(" ") };
    sys.processes.onCoprocess = program => void this.#serve(program);
  }

  /** From now on nothing is carried out any more. */
  refuse(): void {
    this.#refuses = true;
  }

  /** The rules of one chain, in order. */
  rules(table: string, chain: string): readonly string[] {
    return this.#tables.get(table)?.get(chain)?.rules ?? [];
  }

  policy(table: string, chain: string): string {
    return this.#tables.get(table)?.get(chain)?.policy ?? "";
  }

  /** Has lines of iptables-restore carried out by somebody else. */
  restore(lines: string): void {
    let table: Table | undefined;
    for (const line of lines.split("\n")) {
      if (line.startsWith("*")) table = this.#tables.get(line.slice(1));
      else if (line === "COMMIT") this.commits++;
      else if (line !== "" && !line.startsWith("#")) apply(table, line);
    }
  }

  save(): string {
    const lines: string[] = [];
    for (const [name, table] of this.#tables) {
      lines.push(`*${name}`);
      for (const [chain, { policy }] of table) lines.push(`:${chain} ${policy} [0:0]`);
      for (const [chain, { rules }] of table) lines.push(...rules.map(rule => `-A ${chain} ${rule}`));
      lines.push("COMMIT");
    }
    return `${lines.join("\n")}\n`;
  }

  /** A restore that stays: carries out what it reads, repeats comments, and ends at a line that it does not like. */
  async #serve({ stdin, stdout }: FakeCoprocess): Promise<void> {
    const buffer = new Uint8Array(64 * 1024);
    let text = "";
    for (;;) {
      const length = await stdin.read(buffer);
      if (length === 0) break;
      text += new TextDecoder().decode(buffer.subarray(0, length));
      const [, lines = "", mark = ""] = /^(.*?)(#[^\n]*\n)$/s.exec(text) ?? [];
      if (mark === "") continue;
      text = "";
      this.input += lines;
      try {
        if (this.#refuses) throw new BadLine("it is not allowed");
        this.restore(lines);
      } catch (error) {
        await stdout.write(`iptables-restore: ${messageOf(error)}\n`);
        break;
      }
      await stdout.write(mark);
    }
    stdin.close();
    stdout.close();
  }
}

function apply(table: Table | undefined, line: string): void {
  const [, verb, name = "", rest = ""] = /^(:|-[AID] )(\S+) ?(.*)$/.exec(line) ?? [];
  if (!table || verb === undefined) throw new BadLine(`line failed: ${line}`);
  if (verb === ":") {
    const [policy = ""] = rest.split(" ");
    const builtIn = table.get(name);
    if (builtIn && builtIn.policy !== "-") builtIn.policy = policy;
    else table.set(name, { policy: "-", rules: [] });
    return;
  }
  const chain = table.get(name);
  if (!chain) throw new BadLine(`no chain ${name}: ${line}`);
  if (verb === "-A ") chain.rules.push(rest);
  else if (verb === "-I ") chain.rules.unshift(rest.replace(/^1 /, ""));
  else {
    const at = chain.rules.indexOf(rest);
    if (at < 0) throw new BadLine(`no such rule: ${line}`);
    chain.rules.splice(at, 1);
  }
}
