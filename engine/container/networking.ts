import type { PortBinding } from "./config.ts";

/** Addresses that a container asks for (Engine API, EndpointIPAMConfig). */
export interface EndpointIpamConfig {
  IPv4Address?: string;
  IPv6Address?: string;
  LinkLocalIPs?: string[];
}

/**
 * A container's place in a network, under Docker's own key names: first what was asked for, then what came of it, which
 * is empty while the container does not run.
 */
export interface EndpointSettings {
  IPAMConfig: EndpointIpamConfig | null;
  Links: string[] | null;
  Aliases: string[] | null;
  /** Of the interface; while the container does not run, the one that was asked for. */
  MacAddress: string;
  DriverOpts: Record<string, string> | null;
  /** The network with the highest provides the default gateway. */
  GwPriority: number;
  NetworkID: string;
  EndpointID: string;
  Gateway: string;
  IPAddress: string;
  IPPrefixLen: number;
  IPv6Gateway: string;
  GlobalIPv6Address: string;
  GlobalIPv6PrefixLen: number;
  /** Names that the embedded name server knows it by. */
  DNSNames: string[] | null;
  /** The hardware address that was asked for; empty for any. Not part of the API. */
  DesiredMacAddress: string;
}

/** What the API tells of an endpoint. */
export type EndpointView = Omit<EndpointSettings, "DesiredMacAddress">;

/** What of a container's networks is kept in `config.v2.json`. */
export interface ContainerNetworking {
  /** Empty while no namespace is there. */
  sandboxId: string;
  /** The path of the namespace. */
  sandboxKey: string;
  /** Ports of the running container ("80/tcp"): where they are published, null where they are not. */
  ports: Record<string, PortBinding[] | null>;
  /** By the names of networks, the first the one that the container was made with. */
  networks: Record<string, EndpointSettings>;
}

export function emptyNetworking(): ContainerNetworking {
  return { sandboxId: "", sandboxKey: "", ports: {}, networks: {} };
}

const UNCONNECTED = {
  NetworkID: "",
  EndpointID: "",
  Gateway: "",
  IPAddress: "",
  IPPrefixLen: 0,
  IPv6Gateway: "",
  GlobalIPv6Address: "",
  GlobalIPv6PrefixLen: 0,
} as const;

/** An endpoint that is not connected, from what a client asks for. */
export function newEndpointSettings(asked: Partial<EndpointView>): EndpointSettings {
  const { IPAMConfig = null, Links = null, Aliases = null, MacAddress = "", DriverOpts = null } = asked;
  return {
    IPAMConfig,
    Links,
    Aliases,
    MacAddress,
    DriverOpts,
    GwPriority: asked.GwPriority ?? 0,
    ...UNCONNECTED,
    DNSNames: null,
    DesiredMacAddress: MacAddress,
  };
}

/** Forgets what came of an endpoint; the network that it was in is still known. */
export function clearEndpoint(settings: EndpointSettings): void {
  const { NetworkID } = settings;
  Object.assign(settings, UNCONNECTED, { NetworkID, MacAddress: "" });
}

/** The network that a container's `NetworkMode` names; empty where it shares another container's. */
export function networkOfMode(mode: string): string {
  if (mode === "" || mode === "default") return "bridge";
  return mode.startsWith("container:") ? "" : mode;
}

/** The container whose network namespace a container shares; null where it has its own. */
export function sharedContainer(mode: string): string | null {
  return mode.startsWith("container:") ? mode.slice("container:".length) : null;
}
