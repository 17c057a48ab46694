import { EngineError } from "../base/errors.ts";
import type { Bytes } from "../sys/bytes.ts";
import type { Processes } from "../sys/processes.ts";
import type { Connection, Sockets } from "../sys/streams.ts";
import type { PortMapping } from "./rules.ts";

const SIGINT = 2;

/** A docker-proxy that serves a port. */
export interface Proxy {
  /** Ends it; resolves once it has let go of the port. */
  stop(): Promise<void>;
}

/** Starts docker-proxy (engine/native/proxy). Proxies end with the process that has started them. */
export class Proxies {
  readonly #sys: { readonly processes: Processes; readonly sockets: Sockets; readonly bytes: Bytes };
  readonly #path: string;

  /** `path` is that of docker-proxy. */
  constructor(sys: { processes: Processes; sockets: Sockets; bytes: Bytes }, path: string) {
    this.#sys = sys;
    this.#path = path;
  }

  /** Hands a bound socket to a proxy; resolves once that serves it. Rejects with what the proxy complains of. */
  async start(mapping: PortMapping, socket: number): Promise<Proxy> {
    const { processes, sockets } = this.#sys;
    const [ours, theirs] = sockets.pair();
    let pid = 0;
    const exited = new Promise<void>((resolve, reject) => {
      try {
        const argv = proxyArguments(this.#path, mapping);
        pid = processes.spawn({ file: this.#path, argv, env: [], fds: [-1, -1, 2, theirs.fd, socket] }, () =>
          resolve(),
        );
      } catch (error) {
        reject(error);
      } finally {
        theirs.close();
      }
    });
    exited.catch(() => ours.close());
    const stop = async (): Promise<void> => {
      try {
        processes.kill(pid, SIGINT);
      } catch {
        return; // it has ended by itself
      }
      await exited;
    };
    const complaint = await Promise.race([
      this.#complaint(ours),
      exited.then(() => "docker-proxy has ended"),
    ]);
    ours.close();
    if (complaint === "") return { stop };
    await stop();
    throw new EngineError("system", complaint);
  }

  /** What a proxy says once it is ready, or why it will never be; empty for no complaint. */
  async #complaint(connection: Connection): Promise<string> {
    const buffer = new Uint8Array(512);
    const length = await connection.read(buffer).catch(() => 0);
    const text = this.#sys.bytes.decode(buffer, 0, length);
    if (text === "0\n") return "";
    return `error starting userland proxy: ${text.slice(text.indexOf("\n") + 1)}`;
  }
}

function proxyArguments(path: string, mapping: PortMapping): string[] {
  const { protocol, hostAddress, hostPort, containerAddress, containerPort } = mapping;
  return [
    path,
    "-proto",
    protocol,
    "-host-ip",
    hostAddress,
    "-host-port",
    `${hostPort}`,
    "-container-ip",
    containerAddress,
    "-container-port",
    `${containerPort}`,
    "-use-listen-fd",
  ];
}
