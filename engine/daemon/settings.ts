import { EngineError, messageOf } from "../base/errors.ts";
import { parseFirstJson } from "../base/json-syntax.ts";
import type { NetworkSettings } from "../network/network-settings.ts";

/** What the daemon was started with: flags, daemon.json, defaults. */
export interface Settings {
  /** "unix:///var/run/docker.sock", "tcp://127.0.0.1:2375" */
  readonly hosts: readonly string[];
  readonly dataRoot: string;
  /** For what need not outlive a boot: sockets, namespaces, shims. */
  readonly execRoot: string;
  readonly pidFile: string;
  readonly registryMirrors: readonly string[];
  readonly maxConcurrentDownloads: number;
  readonly shmSize: number;
  readonly debug: boolean;
  readonly labels: readonly string[];
  /** The cgroup above those of containers. */
  readonly cgroupParent: string;
  /** The path of drydock-shim. */
  readonly shim: string;
  readonly network: NetworkSettings;
}

/** The keys of daemon.json that we know, and what their values must be. */
const keys = {
  hosts: "list",
  "data-root": "string",
  "exec-root": "string",
  pidfile: "string",
  "registry-mirrors": "list",
  "max-concurrent-downloads": "number",
  "default-shm-size": "string",
  debug: "boolean",
  labels: "list",
  "cgroup-parent": "string",
  iptables: "boolean",
  ip6tables: "boolean",
  "ip-forward": "boolean",
  "ip-masq": "boolean",
  icc: "boolean",
  ip: "string",
  mtu: "number",
  bridge: "string",
  bip: "string",
  dns: "list",
  "dns-opts": "list",
  "dns-search": "list",
  "userland-proxy": "boolean",
  "userland-proxy-path": "string",
  "default-address-pools": "pools",
} as const;

type Key = keyof typeof keys;

/** One of `default-address-pools`: a range of addresses, and how many bits its subnets have. */
export interface AddressPoolEntry {
  readonly base: string;
  readonly size: number;
}

export type DaemonFile = Partial<Record<Key, string | number | boolean | string[] | AddressPoolEntry[]>>;

function isPool(value: unknown): value is AddressPoolEntry {
  if (value === null || typeof value !== "object" || !("base" in value) || !("size" in value)) return false;
  return typeof value.base === "string" && typeof value.size === "number";
}

function matches(value: unknown, kind: (typeof keys)[Key]): boolean {
  if (kind === "pools") return Array.isArray(value) && value.every(isPool);
  if (kind === "list") return Array.isArray(value) && value.every(item => typeof item === "string");
  return typeof value === kind;
}

function isKey(key: string): key is Key {
  return Object.hasOwn(keys, key);
}

/**
 * Reads daemon.json. Throws "invalid" where it is not JSON, holds an unknown key or a value of the wrong kind, or
 * a key that was also given as a flag; the message names the file and the place.
 */
export function parseDaemonFile(path: string, text: string, flags: ReadonlySet<string>): DaemonFile {
  const fail = (problem: string): EngineError =>
    new EngineError("invalid", `unable to configure the Docker daemon with file ${path}: ${problem}`);
  let parsed: unknown;
  try {
    parsed = text.trim() === "" ? {} : parseFirstJson(text).value;
  } catch (error) {
    throw fail(messageOf(error));
  }
  if (parsed === null || typeof parsed !== "object" || Array.isArray(parsed))
    throw fail("it is not a JSON object");
  const entries = Object.entries(parsed);
  const unknown = entries.map(([key]) => key).filter(key => !isKey(key));
  if (unknown.length > 0)
    throw fail(`the following directives don't match any configuration option: ${unknown.join(", ")}`);
  const both = entries.filter(([key]) => flags.has(key));
  if (both.length > 0) {
    const list = both.map(
      ([key, value]) => `${key}: (from flag: given, from file: ${JSON.stringify(value)})`,
    );
    throw fail(
      `the following directives are specified both as a flag and in the configuration file: ${list.join(", ")}`,
    );
  }
  const file: DaemonFile = {};
  for (const [key, value] of entries) {
    if (!isKey(key)) continue;
    if (!matches(value, keys[key])) throw fail(`${key} must be a ${keys[key]}`);
    file[key] = value;
  }
  return file;
}
