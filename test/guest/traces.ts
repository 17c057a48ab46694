import type { Guest } from "../../scripts/lib/guest.ts";

/** What of the kernel's and the disk's state containers come and go with, by kind, sorted. */
export type Traces = Readonly<Record<string, readonly string[]>>;

/** How to list each kind of trace, a line for each. */
const LISTINGS: Readonly<Record<string, string>> = {
  mounts: "cut -d' ' -f5 /proc/self/mountinfo",
  links: "ip -o link | cut -d: -f2",
  namespaces: "lsns -n -o NS,TYPE 2> /dev/null || ls -l /proc/[0-9]*/ns/* | sed 's/.*-> //' | sort -u",
  rules: "iptables-save | grep -v '^[#:]'",
  cgroups: "find /sys/fs/cgroup -type d",
  shims: "ps -o comm | grep -x shim",
  // An image that was pulled anew has other names for its layers.
  layers:
    "echo $(ls /var/lib/docker/overlay2 | wc -l) layers, $(ls /var/lib/docker/overlay2/l | wc -l) links",
  containers: "ls /var/lib/docker/containers",
  temporary: "find /tmp /var/lib/docker/tmp /run/docker -not -name '*.sock'",
};

const SEPARATOR = "--- next";

/** Takes stock. */
export async function traces(guest: Guest): Promise<Traces> {
  const kinds = Object.keys(LISTINGS);
  const script = Object.values(LISTINGS).join(`; echo '${SEPARATOR}'; `);
  const { stdout } = await guest.exec(script);
  const parts = stdout.split(`${SEPARATOR}\n`);
  return Object.fromEntries(
    kinds.map((kind, index) => [kind, (parts[index] ?? "").split("\n").filter(Boolean).toSorted()]),
  );
}

/** What is there now and was not before, by kind; kinds with nothing new are left out. */
export function leftBehind(before: Traces, now: Traces): Traces {
  const fresh = Object.entries(now).map(
    ([kind, lines]) => [kind, lines.filter(line => !before[kind]?.includes(line))] as const,
  );
  return Object.fromEntries(fresh.filter(([, lines]) => lines.length > 0));
}
