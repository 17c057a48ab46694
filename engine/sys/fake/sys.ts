import type { Machine } from "../kernel.ts";
import type { Sys } from "../sys.ts";
import type { Terminals } from "../terminals.ts";
import { FakeBytes } from "./bytes.ts";
import { FakeClock } from "./clock.ts";
import { Descriptors } from "./descriptors.ts";
import { FakeFiles } from "./files.ts";
import { FileTree } from "./file-tree.ts";
import { FakeMounts } from "./mounts.ts";
import { FakeNetworks } from "./networks.ts";
import { FakeProcesses } from "./processes.ts";
import { FakeRelays } from "./relays.ts";
import { FakeSockets } from "./sockets.ts";
import { FakeTrees } from "./trees.ts";
import { FakeViews } from "./views.ts";

/** Terminals are descriptors that a test has given a size. */
export class FakeTerminals implements Terminals {
  readonly sizes = new Map<number, { rows: number; columns: number }>();
  /** Those in raw mode. */
  readonly raw = new Set<number>();

  isTerminal(fd: number): boolean {
    return this.sizes.has(fd);
  }

  size(fd: number): { rows: number; columns: number } {
    return this.sizes.get(fd) ?? { rows: 0, columns: 0 };
  }

  makeRaw(fd: number): () => void {
    this.raw.add(fd);
    return () => this.raw.delete(fd);
  }
}

/** {@link Sys} in memory: nothing of it reaches the machine that runs the tests. */
export interface FakeSys extends Sys {
  readonly files: FakeFiles;
  readonly trees: FakeTrees;
  readonly views: FakeViews;
  readonly mounts: FakeMounts;
  readonly networks: FakeNetworks;
  readonly processes: FakeProcesses;
  readonly sockets: FakeSockets;
  readonly relays: FakeRelays;
  readonly terminals: FakeTerminals;
  readonly bytes: FakeBytes;
  readonly clock: FakeClock;
}

/** The machine that a fake is unless a test says otherwise. */
export const FAKE_MACHINE: Machine = {
  hostname: "node1",
  release: "6.1.0",
  machine: "i686",
  memory: 512 * 1024 * 1024,
  swap: 0,
  cpus: 1,
};

/** A machine with empty disks; `machine` says what it is. */
export function fakeSys(machine: Machine = FAKE_MACHINE): FakeSys {
  const clock = new FakeClock();
  const tree = new FileTree(() => clock.now());
  const files = new FakeFiles(tree);
  const descriptors = new Descriptors();
  const mounts = new FakeMounts(files);
  const bytes = new FakeBytes(files);
  return {
    files,
    trees: new FakeTrees(files),
    views: new FakeViews({ files, bytes }, mounts),
    mounts,
    networks: new FakeNetworks(files),
    processes: new FakeProcesses(descriptors),
    sockets: new FakeSockets(new FakeFiles(tree), descriptors),
    relays: new FakeRelays(descriptors),
    terminals: new FakeTerminals(),
    bytes,
    clock,
    machine: () => machine,
  };
}

/**
 * The same machine, seen by a new process: what was on disk, mounted and running is still there, faults are not, and
 * the process before must not be used any more.
 */
export function restarted(sys: FakeSys): FakeSys {
  const files = new FakeFiles(sys.files.tree);
  files.tree.locks.clear();
  sys.clock.forgetTimers();
  const mounts = new FakeMounts(files);
  mounts.mounted.push(...sys.mounts.mounted);
  const networks = new FakeNetworks(files);
  for (const [path, namespace] of sys.networks.namespaces) networks.namespaces.set(path, namespace);
  // Ids that were drawn before must not come again.
  const bytes = sys.bytes.on(files);
  const views = new FakeViews({ files, bytes }, mounts);
  return { ...sys, files, trees: new FakeTrees(files), views, mounts, networks, bytes };
}
