/**
 * Serves what `npm run build` made:
 *
 *   npm run serve -- [--port PORT] [--host ADDRESS]
 *
 * Takes the next free port where PORT (8080) is taken, and one more for previews of published ports. Only this computer can see it unless ADDRESS is another one.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DIST } from "./lib/paths.ts";
import { servePlayground } from "./serve/playground.ts";

const PORT = 8080;
const TRIES = 20;

const { values } = parseArgs({
  options: {
    port: { type: "string", default: process.env["PORT"] ?? String(PORT) },
    host: { type: "string", default: "127.0.0.1" },
  },
});

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new Error(`${text} is not a port`);
}

async function run(): Promise<void> {
  if (!existsSync(join(DIST, "index.html"))) throw new Error("there is no built page: run `npm run build`");
  const server = await servePlayground({ host: values.host, port: readPort(values.port), tries: TRIES });
  process.stdout.write(`\n  Drydock is at ${server.url}\n  Ctrl-C stops it.\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void server.close());
}

try {
  await run();
} catch (error) {
  process.stderr.write(`serve: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
