import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { EngineError } from "../../engine/base/errors.ts";

const run = promisify(execFile);

/** Where the packages that builds need are listed, one a line, relative to the repository. */
const PACKAGE_LIST = "images/guest/packages-build.txt";

/** Fails, naming the one command that helps, unless this is a Debian host with everything that builds need. */
export async function requireHostPackages(root: string): Promise<void> {
  const wanted = parseList(await readFile(join(root, PACKAGE_LIST), "utf8"));
  const installed = await installedPackages();
  const missing = wanted.filter(name => !installed.has(name));
  if (missing.length === 0) return;
  throw new EngineError(
    "unavailable",
    `building images needs packages that this host lacks: ${missing.join(", ")}\n` +
      `  apt-get update && apt-get install --no-install-recommends ${missing.join(" ")}`,
  );
}

async function installedPackages(): Promise<ReadonlySet<string>> {
  try {
    const format = "${binary:Package}\t${db:Status-Status}\n";
    const { stdout } = await run("dpkg-query", ["-W", "-f", format], { maxBuffer: 64 << 20 });
    const lines = stdout.split("\n").filter(line => line.endsWith("\tinstalled"));
    return new Set(lines.map(line => line.replace(/[:\t].*/, "")));
  } catch (cause) {
    throw new EngineError("unavailable", "building images needs a Debian host: there is no dpkg here", {
      cause,
    });
  }
}

/** The entries of a list with `#` comments. */
export function parseList(text: string): string[] {
  return text
    .split("\n")
    .map(line => line.replace(/#.*/, "").trim())
    .filter(line => line !== "");
}
