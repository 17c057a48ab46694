import { describe, expect, it } from "vitest";
import type { ContainerStats } from "../../api/stats.ts";
import { jsonText } from "../../base/template/template.ts";
import { noUsage, StatsRow, usageOf } from "./stats-row.ts";

const traffic = {
  rx_packets: 0,
  rx_errors: 0,
  rx_dropped: 0,
  tx_packets: 0,
  tx_errors: 0,
  tx_dropped: 0,
};

function cpu(own: number, all: number): ContainerStats["cpu_stats"] {
  return {
    cpu_usage: { total_usage: own, usage_in_kernelmode: 0, usage_in_usermode: own },
    system_cpu_usage: all,
    online_cpus: 2,
    throttling_data: { periods: 0, throttled_periods: 0, throttled_time: 0 },
  };
}

const stats: ContainerStats = {
  name: "/web",
  id: "a".repeat(64),
  read: "",
  preread: "",
  num_procs: 0,
  storage_stats: {},
  cpu_stats: cpu(1_500, 12_000),
  precpu_stats: cpu(500, 10_000),
  memory_stats: { usage: 3 << 20, limit: 8 << 20, stats: { inactive_file: 1 << 20 } },
  pids_stats: { current: 4 },
  networks: {
    eth0: { rx_bytes: 1000, tx_bytes: 10, ...traffic },
    eth1: { rx_bytes: 234, tx_bytes: 5, ...traffic },
  },
  blkio_stats: {
    io_service_bytes_recursive: [
      { major: 8, minor: 0, op: "read", value: 4096 },
      { major: 8, minor: 0, op: "Write", value: 1 },
      { major: 9, minor: 0, op: "read", value: 4 },
      { major: 9, minor: 0, op: "total", value: 99 },
    ],
    io_serviced_recursive: null,
    io_queue_recursive: null,
    io_service_time_recursive: null,
    io_wait_time_recursive: null,
    io_merged_recursive: null,
    io_time_recursive: null,
    sectors_recursive: null,
  },
};

describe("what a container uses", () => {
  it("is read from a sample and the one before", () => {
    expect(usageOf(stats)).toEqual({
      id: stats.id,
      name: "/web",
      cpuPercent: 100, // half of what two processors can do
      memory: 2 << 20,
      memoryLimit: 8 << 20,
      received: 1234,
      sent: 15,
      read: 4100,
      written: 1,
      processes: 4,
    });
  });

  it("is nothing where nothing is known", () => {
    const { networks: _, ...rest } = stats;
    const usage = usageOf({ ...rest, precpu_stats: stats.cpu_stats, memory_stats: {}, pids_stats: {} });
    expect(usage).toMatchObject({ cpuPercent: 0, memory: 0, memoryLimit: 0, received: 0, processes: 0 });
  });

  it("counts memory that is all cache as used", () => {
    const memory_stats = { usage: 10, stats: { inactive_file: 20 } };
    expect(usageOf({ ...stats, memory_stats }).memory).toBe(10);
  });
});

describe("a row", () => {
  it("has the columns of Docker's", () => {
    const row = new StatsRow("web", usageOf(stats), { isKnown: true, truncates: true });
    expect(JSON.parse(row[jsonText]())).toEqual({
      BlockIO: "4.1kB / 1B",
      CPUPerc: "100.00%",
      Container: "web",
      ID: "aaaaaaaaaaaa",
      MemPerc: "25.00%",
      MemUsage: "2MiB / 8MiB",
      Name: "web",
      NetIO: "1.23kB / 15B",
      PIDs: "4",
    });
  });

  it("has dashes where nothing is known", () => {
    const row = new StatsRow("web", noUsage, { isKnown: false, truncates: false });
    expect(JSON.parse(row[jsonText]())).toEqual({
      BlockIO: "--",
      CPUPerc: "--",
      Container: "web",
      ID: "",
      MemPerc: "--",
      MemUsage: "-- / --",
      Name: "--",
      NetIO: "--",
      PIDs: "--",
    });
  });
});
