import { randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleInto, listening, NATIVES, removeCgroup, Service } from "../../scripts/lib/native-engine.ts";
import { NetworkNamespace } from "../../scripts/lib/network-namespace.ts";
import { type RegistryServer, startRegistry } from "../../scripts/lib/registry-server.ts";

/** Ways to call `docker`: folders to put in front of PATH. */
export interface Clients {
  /** Our command line as a process of its own. */
  readonly standalone: string;
  /** Our launcher and the resident command line. */
  readonly hosted: string;
}

/** What an engine under test may have besides its daemon. */
export interface EngineOptions {
  /** Our own command line, in both of its ways. */
  readonly withClients?: boolean;
}

/** An engine that runs for a test, with the hub's images in reach. Nothing of it is shared with another one. */
export class EngineUnderTest {
  /** All its files lie here. */
  readonly directory: string;
  /** Its cgroups' parent. */
  readonly cgroup = `drydock-test-${randomBytes(4).toString("hex")}`;
  readonly clients: Clients;
  /** Its daemon's, so that it has bridges, ports and rules of its own. */
  readonly network: NetworkNamespace;
  readonly #registry: RegistryServer;
  readonly #dockerd: string;
  #daemon: Service | null = null;
  #host: Service | null = null;
  #log = "";

  private constructor(
    directory: string,
    network: NetworkNamespace,
    registry: RegistryServer,
    dockerd: string,
  ) {
    this.directory = directory;
    this.network = network;
    this.clients = { standalone: `${directory}/standalone`, hosted: `${directory}/hosted` };
    this.#registry = registry;
    this.#dockerd = dockerd;
  }

  static async start({ withClients = false }: EngineOptions = {}): Promise<EngineUnderTest> {
    const directory = await mkdtemp(join(tmpdir(), "drydock-engine-"));
    const dockerd = await bundleInto(directory, "dockerd");
    const network = await NetworkNamespace.create();
    const registry = await startRegistry(network.hostAddress);
    const engine = new EngineUnderTest(directory, network, registry, dockerd);
    await engine.startDaemon();
    if (withClients) await engine.#startClients();
    return engine;
  }

  get socket(): string {
    return join(this.directory, "docker.sock");
  }

  get dataRoot(): string {
    return join(this.directory, "data");
  }

  get execRoot(): string {
    return join(this.directory, "exec");
  }

  get registryUrl(): string {
    return this.#registry.url;
  }

  /** What a client needs to reach it. */
  get environment(): Readonly<Record<string, string>> {
    return {
      DOCKER_HOST: `unix://${this.socket}`,
      DOCKER_CONFIG: join(this.directory, "client"),
      DRYDOCK_CLI_SOCKET: join(this.directory, "cli.sock"),
    };
  }

  /** What its daemons and the CLI's host have logged. */
  get log(): string {
    return this.#log;
  }

  /** Starts the daemon, at first or after it was killed. */
  async startDaemon(): Promise<void> {
    const config = join(this.directory, "daemon.json");
    await writeFile(config, "{}");
    const args = [
      `--host=unix://${this.socket}`,
      `--data-root=${this.dataRoot}`,
      `--exec-root=${this.execRoot}`,
      `--pidfile=${join(this.directory, "docker.pid")}`,
      `--config-file=${config}`,
      `--cgroup-parent=${this.cgroup}`,
      `--shim=${join(NATIVES, "shim")}`,
      `--userland-proxy-path=${join(NATIVES, "docker-proxy")}`,
      `--registry-mirror=${this.registryUrl}`,
    ];
    this.#daemon = this.#service(this.#dockerd, args, this.network.entry);
    await listening(this.socket, this.#daemon);
  }

  /** How many descriptors the daemon has open. */
  async openDescriptors(): Promise<number> {
    return (await readdir(`/proc/${this.#daemon?.pid}/fd`)).length;
  }

  async stopDaemon(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    await this.#daemon?.stop(signal);
    this.#daemon = null;
  }

  /** Ends everything. Containers must be gone by then. */
  async stop(): Promise<void> {
    await this.stopDaemon();
    await this.#host?.stop();
    this.#registry.close();
    await this.network.remove();
    await removeCgroup(this.cgroup);
    await rm(this.directory, { recursive: true, force: true });
  }

  async #startClients(): Promise<void> {
    const { directory } = this;
    const [host, docker] = await Promise.all([
      bundleInto(directory, "cli-host"),
      bundleInto(directory, "docker"),
    ]);
    const socket = join(directory, "cli.sock");
    this.#host = this.#service(host, [socket]);
    await listening(socket, this.#host);
    await script(this.clients.standalone, `exec ${join(NATIVES, "jsrun")} ${docker} "$@"`);
    await script(this.clients.hosted, `exec ${join(NATIVES, "docker")} "$@"`);
  }

  #service(program: string, args: readonly string[], entry: readonly string[] = []): Service {
    return new Service(program, args, text => (this.#log += text), entry);
  }
}

/** A folder with a `docker` in it. */
async function script(folder: string, line: string): Promise<void> {
  await mkdir(folder);
  const path = join(folder, "docker");
  await writeFile(path, `#!/bin/sh\n${line}\n`);
  await chmod(path, 0o755);
}
