import type { BlkioStats, ContainerStats, CpuStats, MemoryStats, NetworkCounters } from "../api/stats.ts";
import { EngineError } from "../base/errors.ts";
import { Latest } from "../base/latest.ts";
import type { Container } from "../container/container.ts";
import { hasProcess, NEVER } from "../container/state.ts";
import { cgroupUsage, type CgroupUsage, machineCpu } from "../runtime/cgroup-stats.ts";
import { isSysError } from "../sys/files.ts";
import type { Daemon } from "./daemon.ts";
import { STATS_INTERVAL_MS } from "./stats-collector.ts";

const NS_PER_US = 1000;

/** What 64 bits hold: how an absent limit is shown. */
const UNLIMITED = "18446744073709551615";

/** The lines of memory.stat that Docker passes on. */
const MEMORY_DETAILS = (
  "anon file kernel_stack slab sock shmem file_mapped file_dirty file_writeback anon_thp inactive_anon active_anon " +
  "inactive_file active_file unevictable slab_reclaimable slab_unreclaimable pgfault pgmajfault workingset_refault " +
  "workingset_activate workingset_nodereclaim pgrefill pgscan pgsteal pgactivate pgdeactivate pglazyfree pglazyfreed " +
  "thp_fault_alloc thp_collapse_alloc"
).split(" ");

const NO_CPU: CpuStats = {
  cpu_usage: { total_usage: 0, usage_in_kernelmode: 0, usage_in_usermode: 0 },
  throttling_data: { periods: 0, throttled_periods: 0, throttled_time: 0 },
};

const NO_BLKIO: BlkioStats = {
  io_service_bytes_recursive: null,
  io_serviced_recursive: null,
  io_queue_recursive: null,
  io_service_time_recursive: null,
  io_wait_time_recursive: null,
  io_merged_recursive: null,
  io_time_recursive: null,
  sectors_recursive: null,
};

/** The answer about a container that has no process. */
function emptyStats(container: Container): ContainerStats {
  return {
    name: `/${container.name}`,
    id: container.id,
    read: NEVER,
    preread: NEVER,
    pids_stats: {},
    blkio_stats: NO_BLKIO,
    num_procs: 0,
    storage_stats: {},
    cpu_stats: NO_CPU,
    precpu_stats: NO_CPU,
    memory_stats: {},
  };
}

function cpuStats(daemon: Daemon, cpu: CgroupUsage["cpu"]): CpuStats {
  const { time, processors } = machineCpu(daemon.sys.files);
  return {
    cpu_usage: {
      total_usage: (cpu?.total ?? 0) * NS_PER_US,
      usage_in_kernelmode: (cpu?.system ?? 0) * NS_PER_US,
      usage_in_usermode: (cpu?.user ?? 0) * NS_PER_US,
    },
    system_cpu_usage: time,
    online_cpus: processors,
    throttling_data: {
      periods: cpu?.periods ?? 0,
      throttled_periods: cpu?.throttledPeriods ?? 0,
      throttled_time: (cpu?.throttled ?? 0) * NS_PER_US,
    },
  };
}

function memoryStats(daemon: Daemon, memory: CgroupUsage["memory"]): MemoryStats {
  if (!memory) return {};
  const all = daemon.sys.machine().memory;
  return {
    usage: memory.usage,
    stats: Object.fromEntries(MEMORY_DETAILS.map(name => [name, memory.details.get(name) ?? 0])),
    ...(memory.outOfMemory > 0 ? { failcnt: memory.outOfMemory } : {}),
    limit: Math.min(memory.limit ?? all, all),
  };
}

function blkioStats(io: CgroupUsage["io"]): BlkioStats {
  if (!io?.length) return NO_BLKIO;
  const entries = io.flatMap(({ major, minor, read, written }) => [
    { major, minor, op: "read", value: read },
    { major, minor, op: "write", value: written },
  ]);
  return { ...NO_BLKIO, io_service_bytes_recursive: entries };
}

/** What has gone through the interfaces of a container's network namespace. */
function networkCounters(daemon: Daemon, container: Container): Record<string, NetworkCounters> {
  const path = daemon.sandboxes.path(container.id);
  const links = daemon.sys.networks.within(path, namespace => namespace.links());
  const own = links.filter(({ name }) => name !== "lo");
  return Object.fromEntries(
    own.map(link => [
      link.name,
      {
        rx_bytes: link.rxBytes,
        rx_packets: link.rxPackets,
        rx_errors: link.rxErrors,
        rx_dropped: link.rxDropped,
        tx_bytes: link.txBytes,
        tx_packets: link.txPackets,
        tx_errors: link.txErrors,
        tx_dropped: link.txDropped,
      },
    ]),
  );
}

/** What a container uses now, and has used. */
function sample(daemon: Daemon, container: Container): ContainerStats {
  if (!hasProcess(container.state.status)) return emptyStats(container);
  try {
    const usage = cgroupUsage(daemon.sys.files, daemon.cgroups.group(container.id).path);
    const networks = networkCounters(daemon, container);
    return {
      ...emptyStats(container),
      read: daemon.sys.clock.timestamp(),
      pids_stats: usage.pids
        ? { current: usage.pids.current, limit: `${usage.pids.limit ?? UNLIMITED}` }
        : {},
      blkio_stats: blkioStats(usage.io),
      cpu_stats: cpuStats(daemon, usage.cpu),
      memory_stats: memoryStats(daemon, usage.memory),
      ...(Object.keys(networks).length > 0 ? { networks } : {}),
    };
  } catch (error) {
    if (isSysError(error, "ENOENT", "ENODEV")) return emptyStats(container); // it has just ended
    throw error;
  }
}

/** Statistics as JSON, where a limit may be too large for a JavaScript number. */
export function encodeStats(stats: ContainerStats): string {
  return JSON.stringify(stats).replace(/"limit":"(\d+)"/, '"limit":$1');
}

export interface StatsOptions {
  /** One after the other, until the container is removed or nobody listens. */
  readonly stream: boolean;
  /** Just one, at once, without a sample before it. */
  readonly oneShot: boolean;
}

/** Statistics for one who takes them as fast as they can be taken. */
export interface StatsStream {
  /** null when no more will come. */
  next(): Promise<ContainerStats | null>;
  close(): void;
}

/**
 * A container's statistics. Without a stream it is one sample, which knows the processor time of the one before unless
 * it is to come at once. Throws "invalid" where both a stream and a single one are asked for.
 */
export function containerStats(daemon: Daemon, name: string, options: StatsOptions): StatsStream {
  const container = daemon.containers.find(name);
  if (options.stream && options.oneShot)
    throw new EngineError("invalid", "cannot have stream=true and one-shot=true");
  const samples = new Latest<ContainerStats>();
  if (!options.stream && (options.oneShot || !hasProcess(container.state.status))) {
    samples.put(sample(daemon, container));
    samples.end();
    return { next: () => samples.next(), close: () => {} };
  }
  const close = (options.stream ? follow : compare)(daemon, container, samples);
  return { next: () => samples.next(), close };
}

/** A sample with what it is to be compared with. */
function since(before: ContainerStats | null, now: ContainerStats): ContainerStats {
  return { ...now, preread: before?.read ?? NEVER, precpu_stats: before?.cpu_stats ?? NO_CPU };
}

/**
 * Puts one sample, as long after another as those of a stream are. It has a clock of its own: with everybody else's it
 * could take twice as long, and Docker's client gives up after two seconds.
 */
function compare(daemon: Daemon, container: Container, samples: Latest<ContainerStats>): () => void {
  const before = sample(daemon, container);
  const timer = daemon.sys.clock.after(STATS_INTERVAL_MS, () => {
    samples.put(since(before, sample(daemon, container)));
    samples.end();
  });
  return () => {
    timer.dispose();
    samples.end();
  };
}

/** Puts samples until the returned function is called or the container is gone. */
function follow(daemon: Daemon, container: Container, samples: Latest<ContainerStats>): () => void {
  let before: ContainerStats | null = null;
  const subscription = daemon.stats.add(() => {
    if (!daemon.containers.has(container)) {
      close();
      return;
    }
    const now = sample(daemon, container);
    samples.put(since(before, now));
    before = now;
  });
  const close = (): void => {
    subscription.dispose();
    samples.end();
  };
  return close;
}
