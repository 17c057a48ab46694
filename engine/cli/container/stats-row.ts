import type { ContainerStats } from "../../api/stats.ts";
import { formatFloat } from "../../base/floats.ts";
import { shortId } from "../../base/identifier.ts";
import { goType, jsonText } from "../../base/template/template.ts";
import { bytesSize, humanSize } from "../../base/units.ts";
import type { Headers } from "../format/rows.ts";
import { htmlSafeJson } from "../format/values.ts";

const SIZE_DIGITS = 3;
const UNKNOWN = "--";

/** The columns of `docker stats`. */
export const statsHeaders: Headers = {
  Container: "CONTAINER",
  Name: "NAME",
  ID: "CONTAINER ID",
  CPUPerc: "CPU %",
  MemUsage: "MEM USAGE / LIMIT",
  MemPerc: "MEM %",
  NetIO: "NET I/O",
  BlockIO: "BLOCK I/O",
  PIDs: "PIDS",
};

/** What a container uses, in the units of `docker stats`. */
export interface Usage {
  readonly id: string;
  /** With the slash in front. */
  readonly name: string;
  /** 100 is one processor. */
  readonly cpuPercent: number;
  /** Bytes, without what is only cached. */
  readonly memory: number;
  readonly memoryLimit: number;
  readonly received: number;
  readonly sent: number;
  readonly read: number;
  readonly written: number;
  readonly processes: number;
}

export const noUsage: Usage = {
  id: "",
  name: "",
  cpuPercent: 0,
  memory: 0,
  memoryLimit: 0,
  received: 0,
  sent: 0,
  read: 0,
  written: 0,
  processes: 0,
};

function cpuPercent({ cpu_stats: now, precpu_stats: before }: ContainerStats): number {
  const own = now.cpu_usage.total_usage - before.cpu_usage.total_usage;
  const all = (now.system_cpu_usage ?? 0) - (before.system_cpu_usage ?? 0);
  return own > 0 && all > 0 ? (own / all) * (now.online_cpus ?? 0) * 100 : 0;
}

/** Memory that the kernel could take away at once does not count. */
function memoryInUse({ usage = 0, stats }: ContainerStats["memory_stats"]): number {
  const cached = stats?.["inactive_file"] ?? 0;
  return cached < usage ? usage - cached : usage;
}

function blockBytes({ blkio_stats: blkio }: ContainerStats, letter: string): number {
  const entries = blkio.io_service_bytes_recursive ?? [];
  const wanted = entries.filter(({ op }) => op.toLowerCase().startsWith(letter));
  return wanted.reduce((sum, { value }) => sum + value, 0);
}

/** Reads one of the daemon's samples, which holds the one before it as well. */
export function usageOf(stats: ContainerStats): Usage {
  const networks = Object.values(stats.networks ?? {});
  return {
    id: stats.id,
    name: stats.name,
    cpuPercent: cpuPercent(stats),
    memory: memoryInUse(stats.memory_stats),
    memoryLimit: stats.memory_stats.limit ?? 0,
    received: networks.reduce((sum, { rx_bytes: bytes }) => sum + bytes, 0),
    sent: networks.reduce((sum, { tx_bytes: bytes }) => sum + bytes, 0),
    read: blockBytes(stats, "r"),
    written: blockBytes(stats, "w"),
    processes: stats.pids_stats.current ?? 0,
  };
}

function percentText(value: number): string {
  return `${formatFloat(value, "f", 2)}%`;
}

function sizesText(left: number, right: number): string {
  return `${humanSize(left, SIZE_DIGITS)} / ${humanSize(right, SIZE_DIGITS)}`;
}

/** A container as templates of `docker stats` see it: a method for each column. */
export class StatsRow {
  readonly [goType] = "*container.statsContext";
  readonly #container: string;
  readonly #usage: Usage;
  readonly #isKnown: boolean;
  readonly #truncates: boolean;

  /** `container` is what it was asked for by. Of one that is not known, only that and its names are shown. */
  constructor(container: string, usage: Usage, options: { isKnown: boolean; truncates: boolean }) {
    this.#container = container;
    this.#usage = usage;
    this.#isKnown = options.isKnown;
    this.#truncates = options.truncates;
  }

  Container(): string {
    return this.#container;
  }

  Name(): string {
    return this.#usage.name.slice(1) || UNKNOWN;
  }

  ID(): string {
    return this.#truncates ? shortId(this.#usage.id) : this.#usage.id;
  }

  CPUPerc(): string {
    return this.#isKnown ? percentText(this.#usage.cpuPercent) : UNKNOWN;
  }

  MemUsage(): string {
    if (!this.#isKnown) return `${UNKNOWN} / ${UNKNOWN}`;
    return `${bytesSize(this.#usage.memory)} / ${bytesSize(this.#usage.memoryLimit)}`;
  }

  MemPerc(): string {
    const { memory, memoryLimit } = this.#usage;
    if (!this.#isKnown) return UNKNOWN;
    return percentText(memoryLimit === 0 ? 0 : (memory / memoryLimit) * 100);
  }

  NetIO(): string {
    return this.#isKnown ? sizesText(this.#usage.received, this.#usage.sent) : UNKNOWN;
  }

  BlockIO(): string {
    return this.#isKnown ? sizesText(this.#usage.read, this.#usage.written) : UNKNOWN;
  }

  PIDs(): string {
    return this.#isKnown ? `${this.#usage.processes}` : UNKNOWN;
  }

  [jsonText](): string {
    return htmlSafeJson({
      BlockIO: this.BlockIO(),
      CPUPerc: this.CPUPerc(),
      Container: this.Container(),
      ID: this.ID(),
      MemPerc: this.MemPerc(),
      MemUsage: this.MemUsage(),
      Name: this.Name(),
      NetIO: this.NetIO(),
      PIDs: this.PIDs(),
    });
  }
}
