import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { bundle } from "../../scripts/build/bundles.ts";
import { folderSource } from "../../scripts/lib/hub-files.ts";
import { GUEST_BINARIES, HUB_FILES } from "../../scripts/lib/paths.ts";
import { registrySite } from "../../web/machine/internet/registry-site.ts";
import type { Site } from "../../web/machine/internet/site.ts";

/** The engine's native programs: those of `npm run images`, or fresher ones that the environment names. */
const NATIVES = process.env["DRYDOCK_NATIVES"] ?? join(GUEST_BINARIES, "bin");
const LISTENING_TIMEOUT_MS = 20_000;

/** Why an engine can't be run here; undefined where it can. */
export function whyNoEngine(): string | undefined {
  if (process.platform !== "linux") return "the engine needs Linux";
  if (process.getuid?.() !== 0) return "the engine needs root";
  if (!existsSync(join(NATIVES, "jsrun"))) return `${NATIVES} has no jsrun`;
  return undefined;
}

/** A program that runs until the test is over. */
class Service {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #log = "";

  constructor(file: string, args: readonly string[]) {
    this.#child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (bytes: Buffer) => (this.#log += bytes.toString()));
    }
    this.#ended = new Promise(resolve => this.#child.once("exit", resolve));
  }

  /** What it has printed. */
  get log(): string {
    return this.#log;
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#ended;
  }
}

/** Tries until something listens on a unix socket. */
async function listening(path: string, service: Service): Promise<void> {
  const deadline = Date.now() + LISTENING_TIMEOUT_MS;
  for (;;) {
    const connected = await new Promise<boolean>(resolve => {
      const socket = connect(path);
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (connected) return;
    if (Date.now() > deadline) throw new Error(`nobody listens on ${path}: ${service.log}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

/** Our hub as a registry on a port of this machine. */
async function startRegistry(): Promise<{ server: Server; url: string }> {
  const site = registrySite(folderSource(HUB_FILES));
  const server = createServer((request, response) => void answer(site, request, response));
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { server, url: `http://127.0.0.1:${port}` };
}

async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = "GET", url: path = "/" } = request;
  const { status, headers, body } = await site({ method, path, query: "", headers: new Map() });
  const length = body instanceof Uint8Array ? body.length : body.size;
  response.writeHead(status, [...headers.flat(), "Content-Length", `${length}`]);
  if (body instanceof Uint8Array) response.end(body);
  else await pipeline(body.pieces, response).catch(() => {}); // the engine may hang up when it has enough
}

/** Ways to call `docker`: folders to put in front of PATH. */
export interface Clients {
  /** Our command line as a process of its own. */
  readonly standalone: string;
  /** Our launcher and the resident command line. */
  readonly hosted: string;
}

/** An engine that runs for a test, with the hub's images in reach. */
export class EngineUnderTest {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly clients: Clients;
  readonly #services: readonly Service[];
  readonly #registry: Server;

  private constructor(directory: string, services: readonly Service[], registry: Server) {
    this.directory = directory;
    this.#services = services;
    this.#registry = registry;
    this.environment = {
      DOCKER_HOST: `unix://${directory}/docker.sock`,
      DRYDOCK_CLI_SOCKET: `${directory}/cli.sock`,
    };
    this.clients = { standalone: `${directory}/standalone`, hosted: `${directory}/hosted` };
  }

  static async start(): Promise<EngineUnderTest> {
    const directory = await mkdtemp(join(tmpdir(), "drydock-engine-"));
    const jsrun = join(NATIVES, "jsrun");
    const program = async (entry: string, name: string): Promise<string> => {
      const path = join(directory, name);
      await writeFile(path, await bundle({ entry, path: name }));
      return path;
    };
    const [dockerd, host, docker] = await Promise.all([
      program("engine/main/dockerd.ts", "dockerd.js"),
      program("engine/main/cli-host.ts", "cli-host.js"),
      program("engine/main/docker.ts", "docker.js"),
    ]);
    const { server, url } = await startRegistry();
    const at = (name: string): string => join(directory, name);
    const daemon = new Service(jsrun, [
      dockerd,
      `--host=unix://${at("docker.sock")}`,
      `--data-root=${at("data")}`,
      `--exec-root=${at("exec")}`,
      `--pidfile=${at("docker.pid")}`,
      `--config-file=${await emptyConfig(at("daemon.json"))}`,
      `--shim=${join(NATIVES, "shim")}`,
      `--registry-mirror=${url}`,
    ]);
    const resident = new Service(jsrun, [host, at("cli.sock")]);
    await Promise.all([listening(at("docker.sock"), daemon), listening(at("cli.sock"), resident)]);
    await script(at("standalone"), `exec ${jsrun} ${docker} "$@"`);
    await script(at("hosted"), `exec ${join(NATIVES, "docker")} "$@"`);
    return new EngineUnderTest(directory, [daemon, resident], server);
  }

  /** What daemon and host have logged. */
  get log(): string {
    return this.#services.map(service => service.log).join("");
  }

  /** Containers must be gone by then. */
  async stop(): Promise<void> {
    for (const service of this.#services) await service.stop();
    this.#registry.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}

async function emptyConfig(path: string): Promise<string> {
  await writeFile(path, "{}");
  return path;
}

/** A folder with a `docker` in it. */
async function script(folder: string, line: string): Promise<void> {
  await mkdir(folder);
  const path = join(folder, "docker");
  await writeFile(path, `#!/bin/sh\n${line}\n`);
  await chmod(path, 0o755);
}
