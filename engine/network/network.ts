import type { IpPrefix } from "../base/ip-prefix.ts";
import { parseIpPrefix } from "../base/ip-prefix.ts";
import { assert } from "../base/errors.ts";
import type { BridgeOptions } from "./bridge-options.ts";

/** What makes a network: a Linux bridge, the host's own network, or nothing but a loopback interface. */
export type NetworkDriver = "bridge" | "host" | "null";

export const networkDrivers: readonly NetworkDriver[] = ["bridge", "host", "null"];

/** One subnet as a client asked for it (Engine API, IPAMConfig). */
export interface IpamConfig {
  readonly Subnet?: string;
  readonly IPRange?: string;
  readonly Gateway?: string;
  readonly AuxiliaryAddresses?: Readonly<Record<string, string>>;
}

/** The addresses of a network of one family, as they were given to it. */
export interface Subnet {
  /** "172.18.0.0/16" */
  readonly subnet: string;
  /** The part of it that is handed out; null for all. */
  readonly range: string | null;
  /** The bridge's address; null where it has none. */
  readonly gateway: string | null;
  /** By name; never handed out. */
  readonly auxiliary: Readonly<Record<string, string>>;
}

/**
 * How far a network has come: one that is being made is rolled back by the next daemon, and the removal of one that is
 * being removed is finished.
 */
export type NetworkStage = "creating" | "ready" | "removing";

/** A network as it is kept on disk, in `<data root>/network/<id>.json`. */
export interface Network {
  readonly id: string;
  readonly name: string;
  /** RFC 3339. */
  readonly created: string;
  readonly stage: NetworkStage;
  readonly driver: NetworkDriver;
  readonly enableIPv4: boolean;
  readonly enableIPv6: boolean;
  /** Without a way out. */
  readonly internal: boolean;
  readonly attachable: boolean;
  /** As asked for. */
  readonly ipam: {
    readonly driver: string;
    readonly options: Readonly<Record<string, string>> | null;
    readonly config: readonly IpamConfig[];
  };
  /** null without addresses of that family. */
  readonly ipv4: Subnet | null;
  readonly ipv6: Subnet | null;
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** null for other drivers. */
  readonly bridge: BridgeOptions | null;
}

/** A network that has a bridge. */
export type BridgeNetwork = Network & { readonly bridge: BridgeOptions };

export function isBridgeNetwork(network: Network): network is BridgeNetwork {
  return network.bridge !== null;
}

/** The networks that every daemon has, and the word that means the default one. */
const predefined: ReadonlySet<string> = new Set(["bridge", "host", "none", "default"]);

export function isPredefined(name: string): boolean {
  return predefined.has(name);
}

/** Whether a network mode names a network that somebody made. */
export function isUserDefined(mode: string): boolean {
  return !predefined.has(mode) && mode !== "" && !mode.startsWith("container:");
}

/** The prefix of a subnet that is known to be one. */
export function prefixOf(subnet: string): IpPrefix {
  const prefix = parseIpPrefix(subnet);
  assert(prefix, `the subnet of a network: ${subnet}`);
  return prefix;
}
