/**
 * `npm test`: all the set-up and every test. Plain Node, since it runs before anything is installed. Arguments go to
 * vitest: `npm test -- --project unit`.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT, ensureInstalled, run } from "./lib/setup.mjs";

/** What tests need of a Debian system, and a file that shows that it is there. */
const SYSTEM_PACKAGES = {
  chromium: "/usr/bin/chromium",
  procps: "/usr/bin/ps",
  iptables: "/usr/sbin/iptables",
  iproute2: "/usr/sbin/ip",
  "iputils-ping": "/usr/bin/ping",
};

const REPORT = join(ROOT, ".cache", "test-report.json");

/** Installs the packages that are missing, where we may: elsewhere the tests that need them are skipped. */
function ensureSystemPackages() {
  const missing = Object.entries(SYSTEM_PACKAGES).filter(([, file]) => !existsSync(file));
  if (missing.length === 0) return;
  const names = missing.map(([name]) => name);
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    console.log(`Missing here: ${names.join(", ")}. Tests that need them will be skipped.`);
    return;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  run("apt-get", ["-qq", "update"], { env, allowFailure: true });
  run("apt-get", ["-qq", "install", "--yes", "--no-install-recommends", ...names], {
    env,
    allowFailure: true,
  });
}

/** Says what was skipped and why, and the one line that CI reads. */
function summarize() {
  const report = JSON.parse(readFileSync(REPORT, "utf8"));
  const skipped = report.testResults.flatMap(file =>
    file.assertionResults.filter(test => ["pending", "skipped", "todo"].includes(test.status)),
  );
  if (skipped.length > 0) {
    console.log("\nSkipped:");
    for (const test of skipped) console.log(`  ${test.fullName}`);
  }
  const failed = report.numFailedTests + (report.success || report.numFailedTests > 0 ? 0 : 1);
  console.log(`\n${report.numPassedTests} passed, ${failed} failed, ${skipped.length} skipped`);
  return failed === 0;
}

ensureInstalled();
ensureSystemPackages();
const args = process.argv.slice(2);
run("npm", ["run", "--silent", "build"]);
rmSync(REPORT, { force: true });
spawnSync(
  "npx",
  [
    "vitest",
    "run",
    "--config",
    "test/vitest.config.ts",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${REPORT}`,
    ...args,
  ],
  { cwd: ROOT, stdio: "inherit" },
);
process.exit(existsSync(REPORT) && summarize() ? 0 : 1);
