import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundle } from "../../scripts/build/bundles.ts";
import { NATIVES } from "../../scripts/lib/native-engine.ts";

/** The runtime on this machine. */
export const JSRUN = join(NATIVES, "jsrun");

/** Bundles one of test/native/programs into a directory. Returns the file. */
export async function bundleProgram(name: string, directory: string): Promise<string> {
  const path = join(directory, `${name}.js`);
  await writeFile(path, await bundle({ entry: `test/native/programs/${name}.ts`, path: name }));
  return path;
}

/** Runs a bundled program to its end. Rejects with what it has printed where it fails. */
export function runProgram(bundlePath: string, args: readonly string[] = []): Promise<string> {
  const child = spawn(JSRUN, [bundlePath, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (bytes: Buffer) => (stdout += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (stderr += bytes.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", code => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${bundlePath} ${args.join(" ")} ended with ${code}: ${stdout}${stderr}`));
    });
  });
}
