import type { Container } from "../container/container.ts";
import type { Daemon } from "./daemon.ts";

const HOSTS =
  "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::\tip6-localnet\n" +
  "ff00::\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n";

function resolvConf(daemon: Daemon, container: Container): string {
  const { Dns, DnsSearch, DnsOptions } = container.hostConfig;
  const { files } = daemon.sys;
  if (Dns.length === 0 && DnsSearch.length === 0 && DnsOptions.length === 0)
    return files.exists("/etc/resolv.conf") ? files.readText("/etc/resolv.conf") : "";
  const lines = Dns.map(server => `nameserver ${server}`);
  if (DnsSearch.length > 0) lines.push(`search ${DnsSearch.join(" ")}`);
  if (DnsOptions.length > 0) lines.push(`options ${DnsOptions.join(" ")}`);
  return `${lines.join("\n")}\n`;
}

/** Writes the files that are mounted over a container's /etc/hosts, hostname and resolv.conf. */
export function writeNetworkFiles(daemon: Daemon, container: Container): void {
  const { files } = daemon.sys;
  const { config, hostConfig } = container;
  const path = (name: string): string => daemon.containerFiles.path(container.id, name);
  const extra = (hostConfig.ExtraHosts ?? []).map(entry => {
    const colon = entry.indexOf(":");
    return `${entry.slice(colon + 1)}\t${entry.slice(0, colon)}\n`;
  });
  const fullName = config.Domainname ? `${config.Hostname}.${config.Domainname}` : config.Hostname;
  files.writeAtomic(path("hostname"), `${fullName}\n`, 0o644);
  files.writeAtomic(path("hosts"), HOSTS + extra.join(""), 0o644);
  files.writeAtomic(path("resolv.conf"), resolvConf(daemon, container), 0o644);
}
