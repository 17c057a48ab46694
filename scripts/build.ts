/**
 * Builds the site: `dist/machine`, what the page loads to start a machine, and around it the page.
 *
 *   npm run build -- [--fast] [--bare]
 *
 * Bundles the engine, packs the root file system, boots it in v86, and saves the machine; then bundles the page. Does
 * nothing when no input has changed. `--fast` compresses less, `--bare` leaves the engine out: for work on the engine,
 * and on what lies beneath it.
 */
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { V86_VERSION } from "../web/machine/worker/v86.ts";
import { builtBootFiles } from "./build/boot-files.ts";
import { PROGRAMS, type Program, bundle } from "./build/bundles.ts";
import { writeCpio } from "./build/cpio.ts";
import { builtFrom, publishFile, publishIndex, sha256 } from "./build/publish.ts";
import { Report, megabytes } from "./build/report.ts";
import { BASE_NATIVES, ENGINE_NATIVES, type NativePrograms, rootfs } from "./build/rootfs.ts";
import { buildSnapshot } from "./build/snapshot.ts";
import { ENGINE_WARM_UP, type WarmUpStep } from "./build/warm-up.ts";
import type { MachineIndex } from "./lib/machine-index.ts";
import { BUILD_CACHE, HUB_FILES, ROOT } from "./lib/paths.ts";
import { buildPage } from "./page/build-page.ts";

/** MiB. */
const MEMORY = 512;
const LEVEL = 19;
const FAST_LEVEL = 3;

/** What goes into a machine, and what it does before it is saved. */
interface Contents {
  readonly natives: NativePrograms;
  readonly programs: readonly Program[];
  readonly warmUp: readonly WarmUpStep[];
}

const BARE: Contents = { natives: BASE_NATIVES, programs: [], warmUp: [] };
const WHOLE: Contents = {
  natives: { ...BASE_NATIVES, ...ENGINE_NATIVES },
  programs: PROGRAMS,
  warmUp: ENGINE_WARM_UP,
};

async function packInitrd({ natives, programs }: Contents): Promise<Uint8Array> {
  const files = programs.map(async program => ({ path: program.path, bytes: await bundle(program) }));
  return writeCpio(await rootfs(natives, await Promise.all(files)));
}

/** The hash of all that a snapshot depends on, this build's own steps included. */
async function hashInputs(files: readonly Uint8Array[], level: number, contents: Contents): Promise<string> {
  const steps = join(ROOT, "scripts", "build");
  const names = (await readdir(steps)).filter(name => name.endsWith(".ts")).toSorted();
  const sources = await Promise.all(names.map(name => readFile(join(steps, name))));
  const digests = [...files, ...sources].map(bytes => sha256(bytes));
  return sha256(JSON.stringify({ v86: V86_VERSION, memory: MEMORY, level, contents, digests }));
}

async function buildMachine(contents: Contents, level: number, report: Report): Promise<void> {
  const boot = builtBootFiles();
  const initrd = await report.step(
    "pack the root",
    () => packInitrd(contents),
    bytes => megabytes(bytes.length),
  );
  const wasm = await readFile(join(dirname(createRequire(import.meta.url).resolve("v86")), "v86.wasm"));
  const fixed = await Promise.all([boot.bios, boot.vgaBios, boot.kernel].map(path => readFile(path)));
  const hub = await readFile(join(HUB_FILES, "index.json"));
  const inputs = await hashInputs([initrd, wasm, ...fixed, hub], level, contents);
  if ((await builtFrom(inputs)) !== undefined) return;
  await mkdir(BUILD_CACHE, { recursive: true });
  await writeFile(boot.initrd, initrd);
  const { file, unpacked } = await buildSnapshot(
    { boot, memory: MEMORY, level, warmUp: contents.warmUp },
    report,
  );
  const manifest: { version: string } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  const snapshot = { ...(await publishFile("machine", "drydock", file)), unpacked };
  const index: MachineIndex = {
    engine: manifest.version,
    v86: V86_VERSION,
    memory: MEMORY,
    snapshot,
    wasm: await publishFile("v86", "wasm", wasm),
    inputs,
  };
  await publishIndex(index);
}

const { values } = parseArgs({
  options: { fast: { type: "boolean", default: false }, bare: { type: "boolean", default: false } },
});
const report = new Report(
  text => void process.stdout.write(text),
  () => performance.now(),
);
await buildMachine(values.bare ? BARE : WHOLE, values.fast ? FAST_LEVEL : LEVEL, report);
await buildPage(report);
report.done("dist is up to date");
