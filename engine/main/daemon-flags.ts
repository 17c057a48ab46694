import { EngineError } from "../base/errors.ts";
import { parseBoolean } from "../base/numbers.ts";
import { defaultNetworkSettings, type NetworkSettings } from "../network/network-settings.ts";

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
  readonly network: NetworkSettings;
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
  { name: "bip", takes: "text" },
  { name: "bridge", short: "b", takes: "text" },
  { name: "default-address-pool", takes: "list", key: "default-address-pools" },
  { name: "dns", takes: "list" },
  { name: "dns-opt", takes: "list", key: "dns-opts" },
  { name: "dns-search", takes: "list" },
  { name: "icc", takes: "flag" },
  { name: "ip", takes: "text" },
  { name: "ip-forward", takes: "flag" },
  { name: "ip-masq", takes: "flag" },
  { name: "ip6tables", takes: "flag" },
  { name: "iptables", takes: "flag" },
  { name: "mtu", takes: "text" },
  { name: "userland-proxy", takes: "flag" },
  { name: "userland-proxy-path", takes: "text" },
];

type FlagValues = ReadonlyMap<string, readonly string[]>;

/** "base=10.0.0.0/8,size=24" */
function addressPool(text: string): { base: string; size: number } {
  const [, base, size] = /^base=([^,]+),size=(\d+)$/.exec(text) ?? [];
  if (base === undefined) throw new EngineError("invalid", `invalid default address pool: ${text}`);
  return { base, size: Number(size) };
}

function networkFlags(values: FlagValues): NetworkSettings {
  const defaults = defaultNetworkSettings;
  const text = (name: string, fallback: string): string => values.get(name)?.[0] ?? fallback;
  const flag = (name: string, fallback: boolean): boolean => parseBoolean(text(name, `${fallback}`));
  return {
    iptables: flag("iptables", defaults.iptables),
    ip6tables: flag("ip6tables", defaults.ip6tables),
    ipForward: flag("ip-forward", defaults.ipForward),
    userlandProxy: flag("userland-proxy", defaults.userlandProxy),
    userlandProxyPath: text("userland-proxy-path", defaults.userlandProxyPath),
    bridge: text("bridge", defaults.bridge),
    bip: text("bip", defaults.bip),
    icc: flag("icc", defaults.icc),
    ipMasq: flag("ip-masq", defaults.ipMasq),
    ip: text("ip", defaults.ip),
    mtu: Number(text("mtu", `${defaults.mtu}`)) || defaults.mtu,
    addressPools: (values.get("default-address-pool") ?? []).map(addressPool),
    dns: values.get("dns") ?? [],
    dnsSearch: values.get("dns-search") ?? [],
    dnsOptions: values.get("dns-opt") ?? [],
  };
}

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
    network: networkFlags(values),
    given,
  };
}
