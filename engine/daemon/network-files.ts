import type { Container } from "../container/container.ts";
import { sharedContainer } from "../container/networking.ts";
import type { Endpoint } from "../network/endpoints.ts";
import { isUserDefined } from "../network/network.ts";
import type { Daemon } from "./daemon.ts";
import { endpointsOf } from "./join-networks.ts";
import {
  parseResolvConf,
  renderResolvConf,
  type ResolverConfig,
  type ResolverKind,
  type ResolverOverrides,
} from "./resolv-conf.ts";

const HOSTS =
  "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::\tip6-localnet\n" +
  "ff00::\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n";
const MODE = 0o644;

/** The container whose files under /etc are a container's too: itself, or the one that it shares its network with. */
export function filesOwner(daemon: Daemon, container: Container): Container {
  const other = sharedContainer(container.hostConfig.NetworkMode);
  return other === null ? container : daemon.containers.find(other);
}

/** The host's own configuration, as it is now. */
export function hostResolvConf(daemon: Daemon): ResolverConfig {
  const { files } = daemon.sys;
  return parseResolvConf(files.exists("/etc/resolv.conf") ? files.readText("/etc/resolv.conf") : "");
}

/** What a container says of name servers itself, or the daemon's settings do. */
export function resolverOverrides(daemon: Daemon, { hostConfig }: Container): ResolverOverrides {
  const { dns, dnsSearch, dnsOptions } = daemon.networking.settings;
  const { Dns, DnsSearch, DnsOptions } = hostConfig;
  return {
    servers: Dns.length > 0 ? Dns : dns,
    search: DnsSearch.length > 0 ? DnsSearch : dnsSearch,
    options: DnsOptions.length > 0 ? DnsOptions : dnsOptions,
  };
}

function resolverKind(daemon: Daemon, container: Container): ResolverKind {
  const networks = endpointsOf(daemon, container).map(({ network }) => network);
  if (networks.some(({ name }) => isUserDefined(name))) return "internal";
  if (networks.some(({ driver }) => driver === "host")) return "host";
  return networks.some(({ driver }) => driver === "bridge") ? "legacy" : "plain";
}

/** A container's resolv.conf for the networks that it is in now. */
export function resolvConfText(daemon: Daemon, container: Container): string {
  const overrides = resolverOverrides(daemon, container);
  return renderResolvConf(hostResolvConf(daemon), overrides, resolverKind(daemon, container));
}

/** Writes a file anew in place: a running container has the file itself mounted, not its name. */
function rewrite(daemon: Daemon, path: string, text: string): void {
  const file = daemon.sys.files.openWrite(path);
  try {
    file.write(daemon.sys.bytes.encode(text));
  } finally {
    file.close();
  }
}

/** Replaces the resolv.conf of a running container, unless somebody has changed what it was `before`. */
export function updateResolvConf(daemon: Daemon, container: Container, before: string): void {
  const path = daemon.containerFiles.path(container.id, "resolv.conf");
  const after = resolvConfText(daemon, container);
  if (after !== before && daemon.sys.files.readText(path) === before) rewrite(daemon, path, after);
}

/** A host name, and its first part where it is a domain's. */
function hostNames({ config }: Container): string {
  const name = config.Domainname ? `${config.Hostname}.${config.Domainname}` : config.Hostname;
  const dot = name.indexOf(".");
  return dot < 0 ? name : `${name} ${name.slice(0, dot)}`;
}

function entriesOf(container: Container, { ipv4, ipv6 }: Endpoint): string {
  const names = hostNames(container);
  return [ipv4, ipv6].map(address => (address ? `${address}\t${names}\n` : "")).join("");
}

/** The addresses that `host-gateway` stands for: those of the default bridge. */
function hostGateways(daemon: Daemon): string[] {
  const bridge = daemon.networking.manager.index.byName("bridge");
  return [bridge?.ipv4?.gateway, bridge?.ipv6?.gateway].filter(address => !!address).map(String);
}

function extraEntries(daemon: Daemon, { hostConfig }: Container): string {
  const lines = (hostConfig.ExtraHosts ?? []).flatMap(entry => {
    const colon = entry.indexOf(":");
    const name = entry.slice(0, colon);
    const address = entry.slice(colon + 1);
    const addresses = address === "host-gateway" ? hostGateways(daemon) : [address];
    return addresses.map(text => `${text}\t${name}\n`);
  });
  return lines.join("");
}

function hostsFile(daemon: Daemon, container: Container): string {
  const { files } = daemon.sys;
  const extra = extraEntries(daemon, container);
  if (container.hostConfig.NetworkMode === "host" && extra === "" && files.exists("/etc/hosts"))
    return files.readText("/etc/hosts");
  const own = endpointsOf(daemon, container).map(endpoint => entriesOf(container, endpoint));
  return HOSTS + extra + own.join("");
}

/** Adds a new address of a running container to its /etc/hosts. */
export function addHostEntries(daemon: Daemon, container: Container, endpoint: Endpoint): void {
  const path = daemon.containerFiles.path(container.id, "hosts");
  rewrite(daemon, path, daemon.sys.files.readText(path) + entriesOf(container, endpoint));
}

/** Takes an address that is gone out of a running container's /etc/hosts. */
export function removeHostEntries(daemon: Daemon, container: Container, endpoint: Endpoint): void {
  const path = daemon.containerFiles.path(container.id, "hosts");
  const gone = new Set(entriesOf(container, endpoint).split("\n").filter(Boolean));
  const lines = daemon.sys.files.readText(path).split("\n");
  rewrite(daemon, path, lines.filter(line => !gone.has(line)).join("\n"));
}

/** Writes the files that are mounted over a container's /etc/hosts, hostname and resolv.conf. */
export function writeNetworkFiles(daemon: Daemon, container: Container): void {
  if (filesOwner(daemon, container) !== container) return; // they are the other's
  const { config } = container;
  const fullName = config.Domainname ? `${config.Hostname}.${config.Domainname}` : config.Hostname;
  const write = (name: string, text: string): void =>
    daemon.sys.files.writeAtomic(daemon.containerFiles.path(container.id, name), text, MODE);
  write("hostname", `${fullName}\n`);
  write("hosts", hostsFile(daemon, container));
  write("resolv.conf", resolvConfText(daemon, container));
}
