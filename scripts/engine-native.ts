/**
 * Runs the engine on this Linux, as root, with the hub's images in reach, until Ctrl-C or SIGTERM:
 *
 *   npm run -s engine:native -- [--host URL] [--data-root DIR] [OPTION...]
 *
 * Options are dockerd's. Without them, everything lies below /var/lib/drydock and /run/drydock, so that an engine
 * that lives on this machine is left alone; but bridges and packet filter rules have Docker's names, so that it must
 * not run at the same time (or `--bridge none --iptables=false` must leave them to it). Containers that still run at the end go on, as they do in a guest where
 * the daemon is started anew: the next start with the same data root adopts them.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve as absolute } from "node:path";
import { parseArgs } from "node:util";
import { bundleInto, NATIVES, removeCgroup, Service, whyNoEngine } from "./lib/native-engine.ts";
import { startRegistry } from "./lib/registry-server.ts";

const DEFAULT_HOST = "unix:///run/drydock/docker.sock";
const DEFAULT_DATA_ROOT = "/var/lib/drydock";
const PARENT_CHECK_MS = 500;
const READY = "Daemon has completed initialization";

/** What dockerd was asked for, as far as it concerns us. */
interface Wishes {
  readonly hosts: readonly string[];
  readonly dataRoot: string;
  /** Whether an option was given. */
  has(name: string): boolean;
}

function wishesOf(args: readonly string[]): Wishes {
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    options: { host: { type: "string", short: "H", multiple: true }, "data-root": { type: "string" } },
  });
  const { host, "data-root": dataRoot } = values;
  return {
    hosts: Array.isArray(host) ? host.map(String) : [DEFAULT_HOST],
    dataRoot: absolute(typeof dataRoot === "string" ? dataRoot : DEFAULT_DATA_ROOT),
    has: name => name in values,
  };
}

/** dockerd's arguments: those given, and ours where nothing was. */
async function daemonArguments(
  args: readonly string[],
  wishes: Wishes,
  own: { directory: string; cgroup: string; registry: string },
): Promise<string[]> {
  const config = join(own.directory, "daemon.json");
  await writeFile(config, "{}");
  const defaults: Readonly<Record<string, string>> = {
    host: DEFAULT_HOST,
    "data-root": DEFAULT_DATA_ROOT,
    "exec-root": join(own.directory, "exec"),
    pidfile: join(own.directory, "docker.pid"),
    "config-file": config,
    "cgroup-parent": own.cgroup,
    shim: join(NATIVES, "shim"),
    "userland-proxy-path": join(NATIVES, "docker-proxy"),
    "registry-mirror": own.registry,
  };
  const missing = Object.entries(defaults).filter(([name]) => !wishes.has(name));
  return [...args, ...missing.map(([name, value]) => `--${name}=${value}`)];
}

/** Passes the daemon's log on, and says once how to reach it. */
function announcer(hosts: readonly string[]): (text: string) => void {
  let log = "";
  return text => {
    process.stderr.write(text);
    if (log.includes(READY)) return;
    log += text;
    if (log.includes(READY)) console.log(hosts.map(host => `export DOCKER_HOST=${host}`).join("\n"));
  };
}

function shimsIn(directory: string): number {
  const shims = join(directory, "exec", "shim");
  return existsSync(shims) ? readdirSync(shims).length : 0;
}

/** Resolves when we are told to end, or when npm, which started us, is gone: its shell passes no signals on. */
function endOfUse(): Promise<void> {
  const parent = process.ppid;
  return new Promise(resolve => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => resolve());
    setInterval(() => process.ppid !== parent && resolve(), PARENT_CHECK_MS).unref();
  });
}

async function main(args: readonly string[]): Promise<number> {
  const reason = whyNoEngine();
  if (reason !== undefined) {
    console.error(`The engine can't run here: ${reason}.`);
    return 1;
  }
  const wishes = wishesOf(args);
  // The same for each start with a data root, so that running containers are found again.
  const key = createHash("sha256").update(wishes.dataRoot).digest("hex").slice(0, 8);
  const directory = `/run/drydock/${key}`;
  const cgroup = `drydock-${key}`;
  await mkdir(directory, { recursive: true });
  const registry = await startRegistry();
  const bundlePath = await bundleInto(directory, "dockerd");
  const own = { directory, cgroup, registry: registry.url };
  const daemon = new Service(bundlePath, await daemonArguments(args, wishes, own), announcer(wishes.hosts));
  void endOfUse().then(() => daemon.stop());
  const status = await daemon.ended;
  registry.close();
  const running = shimsIn(directory);
  if (running > 0) console.error(`${running} running containers go on; the next start adopts them.`);
  else {
    await rm(directory, { recursive: true, force: true });
    await removeCgroup(cgroup);
  }
  return status;
}

process.exitCode = await main(process.argv.slice(2));
