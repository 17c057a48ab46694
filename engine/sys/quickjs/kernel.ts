import * as namespace from "native:namespace";
import * as process from "native:process";
import type { Machine, Mounts } from "../kernel.ts";

/** {@link Mounts} on native:namespace. */
export class NativeMounts implements Mounts {
  mount(mount: Parameters<Mounts["mount"]>[0]): void {
    namespace.mount(mount.source, mount.target, mount.type, mount.flags ?? 0, mount.data, mount.directory);
  }

  unmount(target: string, flags = 0): void {
    namespace.unmount(target, flags);
  }
}

/** Asks the kernel each time: the host name may change, and in the guest it does after a restore. */
export function nativeMachine(): Machine {
  const name = process.uname();
  const { memory, swap, cpus } = process.machine();
  return { hostname: name.nodename, release: name.release, machine: name.machine, memory, swap, cpus };
}
