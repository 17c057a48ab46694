import type { FakeChild } from "../sys/fake/processes.ts";
import type { FakeSys } from "../sys/fake/sys.ts";

const STATUS_FD = 3;

/** Plays docker-proxy (engine/native/proxy). */
export class FakeProxies {
  readonly #sys: FakeSys;
  /** Those that run. */
  readonly running = new Set<FakeChild>();
  /** What a new proxy says: "0\n" that it is ready, or "1\n" and why not. */
  greeting = "0\n";

  constructor(sys: FakeSys) {
    this.#sys = sys;
    const { processes } = sys;
    const { onSpawn, onKill } = processes;
    processes.onSpawn = child => {
      if (child.options.argv[0]?.endsWith("docker-proxy")) this.#start(child);
      else onSpawn(child);
    };
    processes.onKill = (pid, signal) => {
      const proxy = [...this.running].find(child => child.pid === pid);
      if (proxy) this.#end(proxy);
      else onKill(pid, signal);
    };
  }

  /** What those that run were told to serve: "tcp 0.0.0.0:80 -> 172.17.0.2:80". */
  get served(): string[] {
    return [...this.running].map(({ options: { argv } }) => {
      const after = (flag: string): string => argv[argv.indexOf(flag) + 1] ?? "";
      const host = `${after("-host-ip")}:${after("-host-port")}`;
      return `${after("-proto")} ${host} -> ${after("-container-ip")}:${after("-container-port")}`;
    });
  }

  /** Ends all, as when the daemon that has started them is killed. */
  endAll(): void {
    for (const proxy of this.running) this.#end(proxy);
  }

  #start(child: FakeChild): void {
    this.running.add(child);
    const status = this.#sys.sockets.adopt(child.fds[STATUS_FD] ?? -1);
    status.write(this.greeting).catch(() => {}); // nobody may wait for it any more
  }

  #end(child: FakeChild): void {
    this.running.delete(child);
    child.exit({ code: 0, signal: 2 });
  }
}
