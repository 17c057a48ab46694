import { beforeEach, describe, expect, it } from "vitest";
import { create, exit, run, type Running } from "../testing/fake-containers.ts";
import { CGROUP_ROOT, type FakeDaemon, openFakeDaemon } from "../testing/fake-daemon.ts";
import { addImage } from "../testing/fake-images.ts";
import { isSettled } from "../testing/turns.ts";
import { containerStats, encodeStats, type StatsStream } from "./container-stats.ts";
import { removeContainer } from "./remove-container.ts";

const ONCE = { stream: false, oneShot: false };
const AT_ONCE = { stream: false, oneShot: true };
const STREAM = { stream: true, oneShot: false };
const SECOND = 1000;

let fake: FakeDaemon;
let running: Running;

beforeEach(async () => {
  fake = await openFakeDaemon({ controllers: ["cpu", "memory", "pids", "io"] });
  await addImage(fake.daemon);
  running = await run(fake, "web");
  use({ cpu: 1_000_000 });
  machine(100);
});

/** Writes what the kernel would tell of the container's group; `cpu` in microseconds. */
function use({ cpu = 0, memory = 0 }: { cpu?: number; memory?: number }): void {
  const group = `${CGROUP_ROOT}/${running.container.id}`;
  fake.sys.files.seed({
    [`${group}/cpu.stat`]: `usage_usec ${cpu}\nuser_usec ${cpu - 100}\nsystem_usec 100\nnr_periods 3\nnr_throttled 2\nthrottled_usec 5\n`,
    [`${group}/memory.current`]: `${memory}\n`,
    [`${group}/memory.max`]: "max\n",
    [`${group}/memory.stat`]: "anon 4096\ninactive_file 1024\nunheard_of 7\n",
    [`${group}/memory.events`]: "low 0\noom 2\n",
    [`${group}/pids.current`]: "5\n",
    [`${group}/pids.max`]: "max\n",
    [`${group}/io.stat`]: "8:0 rbytes=10 wbytes=20 rios=1 wios=2\n254:1 rbytes=3\n",
  });
}

/** Sets the processor time of the whole machine, in hundredths of a second. */
function machine(ticks: number): void {
  fake.sys.files.seed({ "/proc/stat": `cpu  ${ticks} 0 0 0 0 0 0 9 9\ncpu0 1\ncpu1 1\nintr 5\n` });
}

async function next(stats: StatsStream): Promise<NonNullable<Awaited<ReturnType<StatsStream["next"]>>>> {
  const sample = await stats.next();
  if (!sample) throw new Error("there is no more");
  return sample;
}

describe("a sample", () => {
  it("is what the group has used", async () => {
    use({ cpu: 1_000_000, memory: 8192 });
    const { cpu_stats, memory_stats, pids_stats, blkio_stats, name, id, networks } = await next(
      containerStats(fake.daemon, "web", AT_ONCE),
    );
    expect({ name, id, networks }).toEqual({ name: "/web", id: running.container.id, networks: undefined });
    expect(cpu_stats).toEqual({
      cpu_usage: { total_usage: 1e9, usage_in_kernelmode: 1e5, usage_in_usermode: 1e9 - 1e5 },
      system_cpu_usage: 1e9,
      online_cpus: 2,
      throttling_data: { periods: 3, throttled_periods: 2, throttled_time: 5000 },
    });
    expect(memory_stats).toMatchObject({
      usage: 8192,
      failcnt: 2,
      limit: fake.sys.machine().memory,
      stats: { anon: 4096, inactive_file: 1024, file: 0 },
    });
    expect(memory_stats.stats).not.toHaveProperty("unheard_of");
    expect(pids_stats).toEqual({ current: 5, limit: "18446744073709551615" });
    expect(blkio_stats.io_service_bytes_recursive).toEqual([
      { major: 8, minor: 0, op: "read", value: 10 },
      { major: 8, minor: 0, op: "write", value: 20 },
      { major: 254, minor: 1, op: "read", value: 3 },
      { major: 254, minor: 1, op: "write", value: 0 },
    ]);
  });

  it("counts what has gone through the container's interfaces, but for its own loopback", async () => {
    const path = fake.daemon.sandboxes.path(running.container.id);
    fake.sys.networks.within(path, namespace => namespace.addLink({ name: "eth0", kind: "dummy" }));
    const { networks } = await next(containerStats(fake.daemon, "web", AT_ONCE));
    expect(Object.keys(networks ?? {})).toEqual(["eth0"]);
    expect(networks?.["eth0"]).toMatchObject({ rx_bytes: 0, tx_dropped: 0 });
  });

  it("leaves out what no controller counts", async () => {
    const group = `${CGROUP_ROOT}/${running.container.id}`;
    for (const name of ["memory.current", "pids.current", "io.stat"])
      fake.sys.files.removeFile(`${group}/${name}`);
    const sample = await next(containerStats(fake.daemon, "web", AT_ONCE));
    expect(sample).toMatchObject({ memory_stats: {}, pids_stats: {} });
    expect(sample.blkio_stats.io_service_bytes_recursive).toBeNull();
  });

  it("is empty where nothing runs", async () => {
    await exit(fake, running, 0);
    const sample = await next(containerStats(fake.daemon, "web", ONCE));
    expect(sample).toMatchObject({
      name: "/web",
      read: "0001-01-01T00:00:00Z",
      memory_stats: {},
      cpu_stats: { cpu_usage: { total_usage: 0 } },
    });
  });

  it("has limits as numbers in JSON, however large", async () => {
    const text = encodeStats(await next(containerStats(fake.daemon, "web", AT_ONCE)));
    expect(text).toContain('"limit":18446744073709551615');
  });
});

describe("one sample", () => {
  it("knows the one before it", async () => {
    const stats = containerStats(fake.daemon, "web", ONCE);
    const pending = next(stats);
    fake.sys.clock.advance(0);
    expect(await isSettled(pending)).toBe(false);
    use({ cpu: 1_500_000 });
    machine(300);
    fake.sys.clock.advance(SECOND);
    const { cpu_stats: now, precpu_stats: before } = await pending;
    expect(now.cpu_usage.total_usage - before.cpu_usage.total_usage).toBe(5e8);
    expect((now.system_cpu_usage ?? 0) - (before.system_cpu_usage ?? 0)).toBe(2e9);
    expect(await stats.next()).toBeNull();
    expect(fake.sys.clock.pending).toBe(0);
  });

  it("comes at once where that is asked for", async () => {
    const { precpu_stats } = await next(containerStats(fake.daemon, "web", AT_ONCE));
    expect(precpu_stats.cpu_usage.total_usage).toBe(0);
    expect(fake.sys.clock.pending).toBe(0);
  });

  it("can't be a stream as well, nor of nobody", () => {
    expect(() => containerStats(fake.daemon, "web", { stream: true, oneShot: true })).toThrow(
      "cannot have stream=true and one-shot=true",
    );
    expect(() => containerStats(fake.daemon, "nope", ONCE)).toThrow("No such container: nope");
  });
});

describe("a stream", () => {
  it("goes on once a second, at first with nothing before", async () => {
    const stats = containerStats(fake.daemon, "web", STREAM);
    fake.sys.clock.advance(0);
    const first = await next(stats);
    expect(first.precpu_stats.cpu_usage.total_usage).toBe(0);
    use({ cpu: 2_000_000 });
    fake.sys.clock.advance(SECOND);
    const second = await next(stats);
    expect(second.precpu_stats).toEqual(first.cpu_stats);
    expect(second.preread).toBe(first.read);
    stats.close();
    expect(fake.sys.clock.pending).toBe(0);
  });

  it("skips samples for those who are slow", async () => {
    const stats = containerStats(fake.daemon, "web", STREAM);
    for (const cpu of [1, 2, 3]) {
      use({ cpu: cpu * 1_000_000 });
      fake.sys.clock.advance(SECOND);
    }
    expect((await next(stats)).cpu_stats.cpu_usage.total_usage).toBe(3e9);
    stats.close();
  });

  it("goes on with nothing when the container has ended, and ends when it is gone", async () => {
    const stats = containerStats(fake.daemon, "web", STREAM);
    fake.sys.clock.advance(0);
    await next(stats);
    await exit(fake, running, 0);
    fake.sys.clock.advance(SECOND);
    expect((await next(stats)).cpu_stats.cpu_usage.total_usage).toBe(0);
    await removeContainer(fake.daemon, "web", { force: false, volumes: false });
    fake.sys.clock.advance(SECOND);
    expect(await stats.next()).toBeNull();
    expect(fake.sys.clock.pending).toBe(0);
  });

  it("shares its clock with others", async () => {
    await create(fake, "other");
    const streams = ["web", "other", "web"].map(name => containerStats(fake.daemon, name, STREAM));
    fake.sys.clock.advance(0);
    expect((await Promise.all(streams.map(next))).map(({ name }) => name)).toEqual([
      "/web",
      "/other",
      "/web",
    ]);
    expect(fake.sys.clock.pending).toBe(1);
    for (const stream of streams) stream.close();
    expect(fake.sys.clock.pending).toBe(0);
  });
});
