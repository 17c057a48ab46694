import { Zstd } from "@hpcc-js/wasm-zstd";
import { type Snapshot, decodeSnapshot, encodeSnapshot } from "../../web/machine/snapshot.ts";
import { V86_VERSION } from "../../web/machine/worker/v86.ts";
import { type BootFiles, type Guest, startGuest } from "../lib/guest.ts";
import { untilIdle } from "./idle.ts";
import { type Report, megabytes } from "./report.ts";
import { type WarmUpStep, ZERO_FREE_MEMORY } from "./warm-up.ts";

export interface SnapshotOptions {
  readonly boot: BootFiles;
  /** MiB. */
  readonly memory: number;
  /** zstd's level, 1 to 22. */
  readonly level: number;
  readonly warmUp: readonly WarmUpStep[];
}

/** A finished snapshot. */
export interface BuiltSnapshot {
  readonly file: Uint8Array;
  /** Bytes of the state that v86 unpacks from it. */
  readonly unpacked: number;
}

/** Boots a guest, lets it warm up and come to rest, and saves it. */
export async function buildSnapshot(options: SnapshotOptions, report: Report): Promise<BuiltSnapshot> {
  const guest = await report.step("boot", () => startGuest({ boot: options.boot, memory: options.memory }));
  let state: Snapshot;
  try {
    await prepare(guest, options.warmUp, report);
    state = await report.step(
      "save",
      async () => decodeSnapshot((await guest.machine.save({ compression: "none" })).file, V86_VERSION),
      ({ header }) => megabytes(header.size),
    );
  } finally {
    await guest.machine.destroy();
  }
  const { v86, memory, base, size } = state.header;
  const file = await report.step(
    `compress (zstd ${options.level})`,
    async () => {
      const packed = (await Zstd.load()).compress(state.payload, options.level);
      return encodeSnapshot({ v86, memory, base, size, compression: "zstd" }, packed);
    },
    bytes => megabytes(bytes.length),
  );
  return { file, unpacked: size };
}

async function prepare(guest: Guest, warmUp: readonly WarmUpStep[], report: Report): Promise<void> {
  for (const { name, command } of warmUp) await report.step(`warm up: ${name}`, () => guest.output(command));
  await report.step(
    "zero free memory",
    () => guest.output(["sh", "-c", ZERO_FREE_MEMORY]),
    filled => megabytes(Number(filled) * 1024),
  );
  await report.step("come to rest", () => untilIdle(guest));
}
