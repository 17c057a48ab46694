import { build } from "esbuild";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PLACES } from "../../web/preview/places.ts";
import { ROOT } from "../lib/paths.ts";

/** A file of the site, by its path below dist. */
export interface MadeFile {
  readonly file: string;
  readonly size: number;
}

/** Where the preview's files lie below the site, until another origin serves them at its root. */
const FOLDER = "preview";
const SOURCE = join(ROOT, "web", "preview");
/** What a site says of its previews until its owner knows their origins. */
const NONE = `${JSON.stringify({ origins: [] })}\n`;

/** Builds the preview's own files below `site`, and `preview.json` for the page. */
export async function buildPreview(site: string): Promise<MadeFile[]> {
  const files: readonly (readonly [string, string | Uint8Array])[] = [
    [PLACES.bridge, await readFile(join(SOURCE, "bridge", "bridge.html"))],
    [PLACES.bridgeScript, await script(join(SOURCE, "bridge", "main.ts"))],
    [PLACES.worker, await script(join(SOURCE, "worker", "worker.ts"))],
    [PLACES.playgrounds, NONE],
  ];
  return Promise.all([
    ...files.map(([place, content]) => write(site, `${FOLDER}${place}`, content)),
    write(site, "preview.json", NONE),
  ]);
}

/** A classic script: not every browser has modules in service workers. */
async function script(entry: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "iife",
    target: ["chrome111", "edge111", "firefox115", "safari16.4"],
    minify: true,
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`esbuild gave nothing for ${entry}`);
  return file.contents;
}

async function write(site: string, file: string, content: string | Uint8Array): Promise<MadeFile> {
  const path = join(site, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return { file, size: Buffer.byteLength(content) };
}
