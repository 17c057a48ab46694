import { build } from "esbuild";
import { join } from "node:path";
import { ROOT } from "../lib/paths.ts";

/** A program of the engine: where its source starts, and where it lies in the guest. */
export interface Program {
  readonly entry: string;
  readonly path: string;
}

/** The engine's programs, as docs/architecture.md lists them. */
export const PROGRAMS: readonly Program[] = [
  { entry: "engine/main/dockerd.ts", path: "usr/bin/dockerd" },
  { entry: "engine/main/cli-host.ts", path: "usr/lib/drydock/cli-host" },
  { entry: "engine/main/docker.ts", path: "usr/lib/drydock/docker-cli" },
];

/** The runtime that the kernel starts for a bundle. */
const INTERPRETER = "#!/usr/lib/drydock/jsrun";

/** Bundles a program into one executable file for the guest's runtime, whose own modules stay imports. */
export async function bundle(program: Program): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, program.entry)],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2023",
    platform: "neutral",
    external: ["native:*"],
    banner: { js: INTERPRETER },
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`esbuild gave nothing for ${program.entry}`);
  return file.contents;
}
