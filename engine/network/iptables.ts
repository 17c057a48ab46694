import { EngineError, messageOf } from "../base/errors.ts";
import { Mutex } from "../base/mutex.ts";
import type { Bytes } from "../sys/bytes.ts";
import type { Files } from "../sys/files.ts";
import type { Coprocess, Processes } from "../sys/processes.ts";

/** Where iptables may lie, in the order in which a shell of root's looks. */
const directories = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Names of the commands, without "-save": what a user calls `iptables`, or where that refuses the older one. */
const names = { 4: ["iptables", "iptables-legacy"], 6: ["ip6tables", "ip6tables-legacy"] } as const;

/** The commands that may serve a family, the best first; empty where none is installed. */
export function findIptables(files: Files, family: 4 | 6): string[] {
  return names[family].flatMap(name => {
    const directory = directories.find(place => files.exists(`${place}/${name}-restore`));
    return directory ? [`${directory}/${name}`] : [];
  });
}

/** The variants of iptables are one program each, which goes by the name that it is called. */
function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The line of an answer in which iptables-restore says what it does not like. */
function complaintIn(answer: string): string {
  return /^ip6?tables.*$/m.exec(answer)?.[0] ?? answer.trim();
}

/**
 * One family's packet filter tables, through one iptables-restore that stays: it commits at each COMMIT line that it
 * reads, and says so by repeating the comment behind it, since it is verbose. A line that it does not like ends it;
 * then the next commit starts another.
 */
export class IptablesTables {
  readonly #processes: Processes;
  readonly #bytes: Bytes;
  readonly #command: string;
  readonly lacksRaw: boolean;
  readonly #mutex = new Mutex();
  readonly #buffer = new Uint8Array(4096);
  #restore: Coprocess | null = null;
  #commits = 0;

  /** `command` is the path of iptables or ip6tables. */
  constructor(sys: { processes: Processes; bytes: Bytes }, command: string, lacksRaw = false) {
    this.lacksRaw = lacksRaw;
    this.#processes = sys.processes;
    this.#bytes = sys.bytes;
    this.#command = command;
  }

  /** What iptables-save prints. */
  async save(): Promise<string> {
    const program = `${this.#command}-save`;
    const { code, stdout, stderr } = await this.#processes.run(program, [baseName(program)]);
    if (code === 0) return stdout;
    throw new EngineError("system", `${program}: ${stderr.trim() || `exit status ${code}`}`);
  }

  /** Has input of iptables-restore carried out. Rejects with its complaint; tables before the bad line are changed. */
  commit(lines: string): Promise<void> {
    return this.#mutex.run(() => this.#commit(lines));
  }

  async #commit(lines: string): Promise<void> {
    this.#restore ??= this.#start();
    const mark = `# commit ${++this.#commits}\n`;
    let answer = "";
    // It may die before it has read everything: then its complaint, which comes below, is what counts.
    await this.#restore.input.write(lines + mark).catch(() => {});
    while (!answer.endsWith(mark)) {
      const length = await this.#restore.output.read(this.#buffer).catch(() => 0);
      if (length === 0) {
        this.#restore.input.close();
        this.#restore.output.close();
        this.#restore = null;
        throw new EngineError("system", `iptables failed: ${complaintIn(answer)}`);
      }
      answer += this.#bytes.decode(this.#buffer, 0, length);
    }
  }

  #start(): Coprocess {
    const program = `${this.#command}-restore`;
    const argv = [baseName(program), "--noflush", "--verbose", "--wait"];
    return this.#processes.startCoprocess(program, argv);
  }
}

async function hasRaw(processes: Processes, command: string): Promise<boolean> {
  const program = `${command}-save`;
  const { code } = await processes.run(program, [baseName(program), "-t", "raw"]);
  return code === 0;
}

/** Finds a family's tables: those of the first command that works. null where there is none. */
export async function openTables(
  sys: { files: Files; processes: Processes; bytes: Bytes },
  family: 4 | 6,
  warn: (problem: string) => void,
): Promise<IptablesTables | null> {
  for (const command of findIptables(sys.files, family)) {
    const tables = new IptablesTables(sys, command);
    try {
      await tables.save();
      if (family === 4 || (await hasRaw(sys.processes, command))) return tables;
      warn(
        "the kernel has no table raw for IPv6: containers can be reached at their addresses past their bridge",
      );
      return new IptablesTables(sys, command, true);
    } catch (error) {
      warn(`${command} does not work here: ${messageOf(error)}`);
    }
  }
  return null;
}
