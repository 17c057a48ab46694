import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type InlineConfig, build } from "vite";
import { sha256 } from "../build/publish.ts";
import { type Report, megabytes } from "../build/report.ts";
import {
  BUILD_CACHE,
  DIST,
  HUB_DIST,
  HUB_FILES,
  LESSONS,
  LESSONS_DIST,
  MACHINE_DIST,
  ROOT,
} from "../lib/paths.ts";
import { type MadeFile, buildPreview } from "./build-preview.ts";
import { publishLessons } from "./publish-lessons.ts";
import { publishHub } from "./publish-hub.ts";

/** What the last build was made of, and what it made: paths below dist. */
interface PageRecord {
  readonly inputs: string;
  readonly files: readonly string[];
}

/** All that the page is made of, beside which machine it starts. */
const SOURCES = ["web", "scripts/page", "package-lock.json"];
const RECORD = join(BUILD_CACHE, "page.json");
const ASSETS = "assets";
const CONFIG: InlineConfig = { configFile: join(ROOT, "web", "app", "vite.config.ts"), logLevel: "warn" };

/** Builds the page for the machine in dist/machine, unless that was done with the same inputs, and its registry. */
export async function buildPage(report: Report): Promise<void> {
  await publishHub(HUB_FILES, HUB_DIST);
  await publishLessons(LESSONS, LESSONS_DIST);
  const inputs = await hashInputs();
  const last = await readRecord();
  if (last?.inputs === inputs && last.files.every(file => existsSync(join(DIST, file)))) return;
  const made = await report.step("build the page", bundleAll, describe);
  await removeOldAssets(made.map(({ file }) => file));
  await mkdir(BUILD_CACHE, { recursive: true });
  const record: PageRecord = { inputs, files: made.map(({ file }) => file) };
  await writeFile(RECORD, JSON.stringify(record));
}

async function bundleAll(): Promise<MadeFile[]> {
  return [...(await bundle()), ...(await buildPreview(DIST))];
}

async function bundle(): Promise<MadeFile[]> {
  const result = await build(CONFIG);
  const outputs = Array.isArray(result) ? result : [result];
  return outputs.flatMap(output => {
    if (!("output" in output)) throw new Error("vite watches where it should build");
    return output.output.map(item => ({
      file: item.fileName,
      size: Buffer.byteLength(item.type === "chunk" ? item.code : item.source),
    }));
  });
}

function describe(files: readonly MadeFile[]): string {
  return megabytes(files.reduce((sum, { size }) => sum + size, 0));
}

async function removeOldAssets(made: readonly string[]): Promise<void> {
  const kept = new Set(made);
  for (const name of await readdir(join(DIST, ASSETS))) {
    if (!kept.has(`${ASSETS}/${name}`)) await rm(join(DIST, ASSETS, name));
  }
}

async function hashInputs(): Promise<string> {
  const sources = await Promise.all(SOURCES.map(filesOf));
  const files = [...sources.flat().toSorted(), join(MACHINE_DIST, "index.json")];
  const digests = files.map(async file => [file, sha256(await readFile(file))]);
  return sha256(JSON.stringify(await Promise.all(digests)));
}

/** The file at `path`, or those below it, without tests. */
async function filesOf(path: string): Promise<string[]> {
  const start = join(ROOT, path);
  if (path.includes(".")) return [start];
  const entries = await readdir(start, { recursive: true, withFileTypes: true });
  return entries
    .filter(entry => entry.isFile() && !entry.name.endsWith(".test.ts"))
    .map(entry => join(entry.parentPath, entry.name));
}

async function readRecord(): Promise<PageRecord | undefined> {
  try {
    const record: PageRecord = JSON.parse(await readFile(RECORD, "utf8"));
    return record;
  } catch {
    return undefined; // nothing was built: then it will be
  }
}
