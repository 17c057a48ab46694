/** What has to happen before anything of the project can run. Plain Node without dependencies. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

const OLDEST_NODE = [20, 19];
const INSTALLED = join(ROOT, "node_modules", ".drydock-lock");

/** Runs a command in the project's folder; ends this process with its status where it fails. */
export function run(command, args, { env = process.env, allowFailure = false } = {}) {
  const shell = process.platform === "win32"; // npm and npx are scripts there
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: "inherit", env, shell });
  if (status === 0 || allowFailure) return;
  if (error) console.error(`${command}: ${error.message}`);
  process.exit(status ?? 1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const [wantedMajor, wantedMinor] = OLDEST_NODE;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  console.error(`Drydock needs Node.js ${OLDEST_NODE.join(".")} or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Installs the packages that package-lock.json names, unless they are there. */
export function ensureInstalled() {
  checkNode();
  const lock = createHash("sha256")
    .update(readFileSync(join(ROOT, "package-lock.json")))
    .digest("hex");
  if (existsSync(INSTALLED) && readFileSync(INSTALLED, "utf8") === lock) return;
  console.log("Installing packages");
  run("npm", ["ci", "--no-audit", "--no-fund"]);
  mkdirSync(dirname(INSTALLED), { recursive: true });
  writeFileSync(INSTALLED, lock);
}
