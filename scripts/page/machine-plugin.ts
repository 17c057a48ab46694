import type { RequestListener } from "node:http";
import type { Plugin } from "vite";
import type { MachineManifest, RemoteFile } from "../../web/session/manifest.ts";
import { type BuiltFile, type MachineIndex, readMachineIndex } from "../lib/machine-index.ts";
import { HUB_FILES, MACHINE_DIST } from "../lib/paths.ts";
import { type Mount, staticFiles } from "../serve/static-files.ts";

/** Where the machine's files lie beside the page. */
const FOLDER = "machine";
/** What the development server has beside the page's own files. */
const MOUNTS: readonly Mount[] = [
  { path: `/${FOLDER}/`, directory: MACHINE_DIST },
  { path: "/hub/", directory: HUB_FILES },
];
/** Where in index.html the machine is named. */
const PLACE = "<!-- machine -->";

/** What the page has to know of the machine. */
export function manifestOf({ snapshot, wasm, v86, memory }: MachineIndex): MachineManifest {
  const build = { v86, memory, base: snapshot.sha256 };
  return { build, snapshot: remote(snapshot), wasm: remote(wasm) };
}

function remote({ file, size }: BuiltFile): RemoteFile {
  return { url: `${FOLDER}/${file}`, size };
}

/**
 * Writes into the page which machine it starts, and lets the browser fetch that before it has read any script. The
 * development server gets the machine's files and the registry's too.
 */
export function machinePlugin(): Plugin {
  return {
    name: "drydock-machine",
    configureServer(server) {
      const serve: RequestListener = staticFiles(MOUNTS);
      server.middlewares.use((request, response, next) => {
        if (MOUNTS.some(({ path }) => request.url?.startsWith(path))) serve(request, response);
        else next();
      });
    },
    transformIndexHtml: {
      order: "post",
      handler: async (html, { chunk }) => {
        const manifest = manifestOf(await readMachineIndex());
        const tags = [...fetches(manifest), describe(manifest), ...scripts(chunk?.dynamicImports ?? [])];
        // Before the first script, which must find the manifest however early it runs.
        return html.replace(PLACE, tags.join("\n    "));
      },
    },
  };
}

function fetches({ wasm, snapshot }: MachineManifest): string[] {
  return [wasm, snapshot].map(({ url }) => `<link rel="preload" as="fetch" href="./${url}" crossorigin />`);
}

function describe(manifest: MachineManifest): string {
  return `<script type="application/json" id="machine-manifest">${JSON.stringify(manifest)}</script>`;
}

/** What the first script imports when the machine is on its way: a `modulepreload` would compile it before that. */
function scripts(files: readonly string[]): string[] {
  return files.map(file => `<link rel="preload" as="script" href="./${file}" crossorigin />`);
}
