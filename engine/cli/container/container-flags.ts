/** The flags that `docker create` and `docker run` have in common: a row for each thing that a container can be. */
import { EngineError } from "../../base/errors.ts";
import { isIpAddress } from "../../base/ip-address.ts";
import { quote } from "../../base/quote.ts";
import type { Completer } from "../completion/completer.ts";
import {
  containerNames,
  fileNames,
  oneOf,
  platforms,
  variableNames,
  volumeSources,
} from "../completion/completers.ts";
import { signalNames } from "../completion/signal-names.ts";
import { list, map, ulimits } from "../flags/collection-types.ts";
import type { FlagTable, FlagValues } from "../flags/flag.ts";
import { bool, bytes, decimal, int, string, swapBytes } from "../flags/scalar-types.ts";
import { label } from "./key-values.ts";
import { mounts } from "./mount-spec.ts";

function refuse(message: string): never {
  throw new EngineError("invalid", message);
}

function attachedStream(text: string): string {
  const name = text.toLowerCase();
  return /^std(?:in|out|err)$/.test(name) ? name : refuse("valid streams are STDIN, STDOUT and STDERR");
}

function environmentEntry(text: string): string {
  return text === "" || text.startsWith("=") ? refuse(`invalid environment variable: ${text}`) : text;
}

/** "name:address" or "name=address" as the API takes it, with a colon and no brackets. */
function extraHost(text: string): string {
  const [match, name = "", address = ""] =
    (text.includes("=") ? /^([^=]*)=(.*)$/s : /^([^:]*):(.*)$/s).exec(text) ?? [];
  if (!match || name === "" || name.includes(":")) refuse(`bad format for add-host: ${quote(text)}`);
  const bare = address.replace(/^\[(.+)\]$/, "$1");
  if (bare !== "host-gateway" && !isIpAddress(bare.trim())) {
    refuse(`invalid IP address in add-host: ${quote(bare)}`);
  }
  return `${name}:${bare}`;
}

function nameServer(text: string): string {
  const address = text.trim();
  return isIpAddress(address) ? address : refuse(`IP address is not correctly formatted: ${text}`);
}

const domainPart = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
const domainSyntax = new RegExp(`^(${domainPart}(?:\\.${domainPart})*)\\.?\\s*$`, "i");

function searchDomain(text: string): string {
  const trimmed = text.replace(/^ +| +$/g, "");
  if (trimmed === ".") return trimmed;
  const [, domain = ""] = domainSyntax.exec(trimmed) ?? [];
  const isDomain = /[a-z]/i.test(domain) && domain.length < 255;
  return isDomain ? domain : refuse(`${trimmed} is not a valid domain`);
}

const kernelSysctls: ReadonlySet<string> = new Set(
  "msgmax msgmnb msgmni sem shmall shmmax shmmni shm_rmid_forced".split(" ").map(name => `kernel.${name}`),
);

function sysctl(text: string): string {
  const equals = text.indexOf("=");
  const name = text.slice(0, Math.max(equals, 0));
  const isKnown = kernelSysctls.has(name) || name.startsWith("net.") || name.startsWith("fs.mqueue.");
  return isKnown ? text : refuse(`sysctl '${text}' is not allowed`);
}

const CGROUPNS_HELP = `Cgroup namespace (host|private)
'host':    That of the host
'private': One of its own
'':        What the daemon prefers (default)`;

/** New flags each time: a command keeps those that it has asked for. */
export const containerFlags = () => {
  const dnsOptions = { type: list(), usage: "Options of its resolver" };
  return {
    "add-host": { type: list(extraHost), usage: "Line for its /etc/hosts (host:ip)" },
    attach: { type: list(attachedStream), short: "a", usage: "Attach only to STDIN, STDOUT or STDERR" },
    "cap-add": { type: list(), usage: "Linux capabilities to add" },
    "cap-drop": { type: list(), usage: "Linux capabilities to drop" },
    cgroupns: { type: string(), usage: CGROUPNS_HELP },
    cidfile: { type: string(), usage: "File to write its id to" },
    "cpu-period": { type: int(), usage: "Period of the CPU quota, in microseconds" },
    "cpu-quota": { type: int(), usage: "CPU time in each period, in microseconds" },
    "cpu-shares": { type: int(), short: "c", usage: "Its weight where CPU time is short" },
    cpus: { type: decimal(), usage: "How many CPUs it may use" },
    dns: { type: list(nameServer), usage: "DNS servers to ask" },
    "dns-opt": { ...dnsOptions, hidden: true, aliasOf: "dns-option" },
    "dns-option": dnsOptions,
    "dns-search": { type: list(searchDomain), usage: "Domains to search for names in" },
    domainname: { type: string(), usage: "Its NIS domain name" },
    entrypoint: { type: string(), usage: "Replaces the image's ENTRYPOINT" },
    env: { type: list(environmentEntry), short: "e", usage: "Environment variables to set" },
    "env-file": { type: list(), usage: "Files of environment variables" },
    expose: { type: list(), usage: "Ports that it listens on" },
    "group-add": { type: list(), usage: "Further groups of its user" },
    help: { type: bool(), usage: "Show this help" },
    hostname: { type: string(), short: "h", usage: "Its host name" },
    interactive: { type: bool(), short: "i", usage: "Keep STDIN open, even where nobody is attached" },
    ipc: { type: string(), usage: "IPC namespace" },
    label: { type: list(label), short: "l", usage: "Labels to set" },
    "label-file": { type: list(), usage: "Files of labels, one a line" },
    "log-driver": { type: string(), usage: "What keeps its output" },
    "log-opt": { type: list(), usage: "Options of the log driver" },
    memory: { type: bytes(), short: "m", usage: "How much memory it may use" },
    "memory-reservation": { type: bytes(), usage: "How much it is left where memory is short" },
    "memory-swap": { type: swapBytes(), usage: "Limit of memory and swap together: '-1' means none" },
    mount: { type: mounts(), usage: "Mounts as fields: type=bind|volume|tmpfs,source=...,target=..." },
    "oom-score-adj": {
      type: int(),
      usage: "How soon the kernel kills it where memory is short (-1000 to 1000)",
    },
    pid: { type: string(), usage: "PID namespace" },
    "pids-limit": { type: int(), usage: "How many processes it may have (-1 for any number)" },
    privileged: { type: bool(), usage: "Let it do nearly all that the host can" },
    "read-only": { type: bool(), usage: "Mount its root file system read-only" },
    rm: { type: bool(), usage: "Remove it, with its anonymous volumes, when it exits" },
    "security-opt": { type: list(), usage: "Security options" },
    "shm-size": { type: bytes(), usage: "Size of /dev/shm" },
    "stop-signal": { type: string(), usage: "Signal that asks it to stop" },
    "stop-timeout": { type: int(), usage: "Seconds to wait for it to stop" },
    sysctl: { type: map(sysctl), usage: "Kernel parameters to set" },
    tmpfs: { type: list(), usage: "Directories to mount a tmpfs on" },
    tty: { type: bool(), short: "t", usage: "Give it a terminal" },
    ulimit: { type: ulimits(), usage: "Limits of its processes" },
    user: { type: string(), short: "u", usage: "User to run as (format: <name|uid>[:<group|gid>])" },
    uts: { type: string(), usage: "UTS namespace" },
    volume: {
      type: list(),
      short: "v",
      usage: "Volumes and directories to mount: [SOURCE:]TARGET[:OPTIONS]",
    },
    "volume-driver": { type: string(), usage: "What keeps its volumes" },
    "volumes-from": { type: list(), usage: "Containers whose mounts it gets as well" },
    workdir: { type: string(), short: "w", usage: "Directory to start in" },
  } satisfies FlagTable;
};

/** The flags that both commands have beside those. */
export const creationFlags = (verb: string) => ({
  ...containerFlags(),
  name: { type: string(), usage: "Its name" },
  platform: { type: string(), usage: "Platform that the image must have, such as linux/386" },
  pull: { type: string("missing"), usage: `Fetch the image before ${verb} ("always", "missing", "never")` },
  quiet: { type: bool(), short: "q", usage: "Don't show how fetching the image goes" },
});

export type ContainerFlagValues = FlagValues<ReturnType<typeof containerFlags>>;

/** Candidates for the values of these flags. */
export const containerFlagCompleters: Readonly<Record<string, Completer>> = {
  attach: oneOf("stderr", "stdin", "stdout"),
  cgroupns: oneOf("host", "private"),
  env: variableNames,
  "env-file": fileNames,
  ipc: oneOf("host", "private", "shareable"),
  "log-driver": oneOf("json-file", "none"),
  pid: oneOf("host"),
  platform: platforms,
  pull: oneOf("always", "missing", "never"),
  "security-opt": oneOf("no-new-privileges", "seccomp=unconfined", "systempaths=unconfined"),
  "stop-signal": signalNames,
  uts: oneOf("host"),
  volume: volumeSources,
  "volume-driver": oneOf("local"),
  "volumes-from": containerNames(true),
};
