/**
 * `npm start`: installs, builds and serves the playground, each step only where it is needed. Plain Node, since it runs
 * before anything is installed. Arguments go to scripts/serve.ts: `npm start -- --port 9000`.
 */
import { spawn } from "node:child_process";
import { ROOT, ensureInstalled, run } from "./lib/setup.mjs";

ensureInstalled();
console.log("Building (the first time takes a few minutes)");
run("npm", ["run", "--silent", "build"]);

const server = spawn(process.execPath, ["--import", "tsx", "scripts/serve.ts", ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: "inherit",
});
// A terminal's Ctrl-C reaches the server by itself: it ends, and we with it.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => server.kill(signal));
server.on("exit", code => process.exit(code ?? 0));
