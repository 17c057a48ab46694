import { EngineError } from "../base/errors.ts";

/** What `dockerd` was started with. */
export interface DaemonFlags {
  readonly hosts: readonly string[];
  readonly configFile: string;
  readonly dataRoot: string;
  readonly execRoot: string;
  readonly pidFile: string;
  readonly registryMirrors: readonly string[];
  readonly maxConcurrentDownloads: number;
  readonly debug: boolean;
  readonly labels: readonly string[];
  readonly cgroupParent: string;
  readonly shim: string;
  /** The long names that were given, for the conflict check against daemon.json. */
  readonly given: ReadonlySet<string>;
}

/** Long name, what it takes, and the key of daemon.json that it would conflict with where that differs. */
const flags: readonly { name: string; short?: string; takes: "text" | "list" | "flag"; key?: string }[] = [
  { name: "host", short: "H", takes: "list", key: "hosts" },
  { name: "config-file", takes: "text" },
  { name: "data-root", takes: "text" },
  { name: "exec-root", takes: "text" },
  { name: "pidfile", short: "p", takes: "text" },
  { name: "registry-mirror", takes: "list", key: "registry-mirrors" },
  { name: "max-concurrent-downloads", takes: "text" },
  { name: "debug", short: "D", takes: "flag" },
  { name: "label", takes: "list", key: "labels" },
  { name: "cgroup-parent", takes: "text" },
  { name: "shim", takes: "text" },
];

/** Reads `dockerd`'s command line. Throws "invalid" on what it does not know. */
export function parseDaemonFlags(words: readonly string[]): DaemonFlags {
  const values = new Map<string, string[]>();
  const given = new Set<string>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    const match = /^(--?)([^=]+)(?:=(.*))?$/.exec(word);
    const flag = flags.find(({ name, short }) =>
      match?.[1] === "--" ? name === match[2] : short === match?.[2],
    );
    if (!match || !flag)
      throw new EngineError("invalid", match ? `unknown flag: ${word}` : `unexpected argument: ${word}`);
    const value = match[3] ?? (flag.takes === "flag" ? "true" : words[++i]);
    if (value === undefined) throw new EngineError("invalid", `flag needs an argument: ${word}`);
    values.set(flag.name, flag.takes === "list" ? [...(values.get(flag.name) ?? []), value] : [value]);
    given.add(flag.key ?? flag.name);
  }
  const text = (name: string, fallback: string): string => values.get(name)?.[0] ?? fallback;
  return {
    hosts: values.get("host") ?? ["unix:///var/run/docker.sock"],
    configFile: text("config-file", "/etc/docker/daemon.json"),
    dataRoot: text("data-root", "/var/lib/docker"),
    execRoot: text("exec-root", "/var/run/docker"),
    pidFile: text("pidfile", "/var/run/docker.pid"),
    registryMirrors: values.get("registry-mirror") ?? [],
    maxConcurrentDownloads: Number(text("max-concurrent-downloads", "3")),
    debug: text("debug", "false") === "true",
    labels: values.get("label") ?? [],
    cgroupParent: text("cgroup-parent", "docker"),
    shim: text("shim", "/usr/lib/drydock/shim"),
    given,
  };
}
