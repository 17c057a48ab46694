import type { BoundPort, Connection, Listener, Sockets } from "../streams.ts";
import { FakeConnection } from "./connection.ts";
import type { Descriptors } from "./descriptors.ts";
import type { FakeFiles } from "./files.ts";
import { sysError } from "./sys-error.ts";

type Accept = (connection: FakeConnection) => void;

const FIRST_PORT = 32768;

/** {@link Sockets} in memory. A unix socket's path is a file among the fake files. */
export class FakeSockets implements Sockets {
  /** Answers queries over UDP; null for those that nobody answers. */
  onQuery: (address: string, port: number, query: Uint8Array) => Uint8Array | null = () => null;
  readonly descriptors: Descriptors;
  readonly #files: FakeFiles;
  /** By path, or by "address:port". */
  readonly #listeners = new Map<string, Accept>();
  /** Ports of the host that a process has, as "tcp 0.0.0.0:80"; those of other programs may be added. */
  readonly ports = new Set<string>();
  /** Those who answer datagrams, by "namespace address:port". */
  readonly #answerers = new Map<string, Parameters<Sockets["listenUdp"]>[1]>();
  #lastPort = FIRST_PORT;

  /** `files` is where sockets appear: for all processes, so its faults should be nobody's. */
  constructor(files: FakeFiles, descriptors: Descriptors) {
    this.#files = files;
    this.descriptors = descriptors;
  }

  listenUnix(path: string, mode: number, accept: Accept): Listener {
    if (this.#listeners.has(path)) throw sysError("EADDRINUSE", "listen unix", path);
    this.#files.removeFile(path);
    this.#files.makeNode(path, "socket", { mode });
    this.#listeners.set(path, accept);
    return {
      address: { path },
      dispose: () => {
        this.#listeners.delete(path);
        this.#files.removeFile(path);
      },
    };
  }

  connectUnix(path: string): FakeConnection {
    if (!this.#files.exists(path)) throw sysError("ENOENT", "dial unix", path);
    return this.#connect(path, "dial unix");
  }

  /** Port 0 chooses one. */
  listenTcp(address: string, port: number, accept: Accept): Listener {
    const chosen = port === 0 ? ++this.#lastPort : port;
    const key = `${address}:${chosen}`;
    if (this.#listeners.has(key)) throw sysError("EADDRINUSE", "listen tcp", key);
    this.#listeners.set(key, accept);
    return { address: { address, port: chosen }, dispose: () => this.#listeners.delete(key) };
  }

  async connectTcp(address: string, port: number): Promise<Connection> {
    return this.#connect(`${address}:${port}`, "dial tcp");
  }

  pair(): [FakeConnection, FakeConnection] {
    const [left, right] = this.descriptors.openPair();
    return [this.adopt(left), this.adopt(right)];
  }

  adopt(fd: number): FakeConnection {
    return new FakeConnection(this.descriptors, fd);
  }

  sendWithFds(connection: Connection, text: string, fds: readonly number[]): void {
    const { outgoing } = this.descriptors.get(connection.fd, "sendmsg");
    outgoing.passed.push(...fds.map(fd => this.descriptors.duplicate(fd)));
    connection.write(text).catch(() => {}); // as with the real one, a peer that is gone shows at the next read
  }

  /** The descriptors that came with what was read from a connection so far. */
  received(connection: Connection): number[] {
    return this.descriptors.get(connection.fd, "recvmsg").incoming.passed.splice(0);
  }

  /** The port is taken for as long as any descriptor of it is open. */
  bindPort(protocol: string, address: string, port: number): BoundPort {
    const chosen = port === 0 ? ++this.#lastPort : port;
    const key = `${protocol} ${address}:${chosen}`;
    if (this.ports.has(key)) throw sysError("EADDRINUSE", "bind", `${address}:${chosen}`);
    this.ports.add(key);
    const [fd, other] = this.descriptors.openPair();
    this.descriptors.leaveOut(other);
    this.descriptors.get(other, "bind").hangUp.add(() => {
      this.ports.delete(key);
      this.descriptors.close(other);
    });
    const connection = this.adopt(fd);
    return { fd, port: chosen, listen: () => {}, close: () => connection.close() };
  }

  listenUdp(
    { namespace, address, port }: { namespace: string; address: string; port: number },
    receive: (datagram: Uint8Array, reply: (data: Uint8Array) => void) => void,
  ): Listener {
    const key = `${namespace} ${address}:${port}`;
    if (this.#answerers.has(key)) throw sysError("EADDRINUSE", "listen udp", key);
    this.#answerers.set(key, receive);
    return { address: { address, port }, dispose: () => this.#answerers.delete(key) };
  }

  /** Sends a datagram within a network namespace; null where nobody is there to answer it. */
  ask(namespace: string, address: string, port: number, query: Uint8Array): Promise<Uint8Array | null> {
    const receive = this.#answerers.get(`${namespace} ${address}:${port}`);
    return new Promise(resolve => (receive ? receive(query, resolve) : resolve(null)));
  }

  /** Closes the sockets that answer datagrams, as when their process ends. */
  forgetAnswerers(): void {
    this.#answerers.clear();
  }

  async exchangeUdp(address: string, port: number, query: Uint8Array): Promise<Uint8Array | null> {
    return this.onQuery(address, port, query);
  }

  /** Stops whoever listens there, as when its process ends: the file of a unix socket stays. */
  abandon(path: string): void {
    this.#listeners.delete(path);
  }

  #connect(key: string, syscall: string): FakeConnection {
    const accept = this.#listeners.get(key);
    if (!accept) throw sysError("ECONNREFUSED", syscall, key);
    const [client, server] = this.pair();
    queueMicrotask(() => accept(server));
    return client;
  }
}
