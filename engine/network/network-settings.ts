/** What the daemon's flags and daemon.json say of networks. */
export interface NetworkSettings {
  /** Whether packet filter rules are ours to write. */
  readonly iptables: boolean;
  readonly ip6tables: boolean;
  /** Whether net.ipv4.ip_forward is turned on. */
  readonly ipForward: boolean;
  /** Whether published ports are served by docker-proxy as well. */
  readonly userlandProxy: boolean;
  /** The path of docker-proxy. */
  readonly userlandProxyPath: string;
  /** The default bridge; "none" for no such network, empty for docker0. */
  readonly bridge: string;
  /** Address and prefix of the default bridge; empty for one of the pools. */
  readonly bip: string;
  readonly icc: boolean;
  readonly ipMasq: boolean;
  /** Where ports are published unless their mapping says so itself. */
  readonly ip: string;
  /** Bytes. */
  readonly mtu: number;
  /** Empty for Docker's own pools. */
  readonly addressPools: readonly { readonly base: string; readonly size: number }[];
  /** For containers that name none themselves. */
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly dnsOptions: readonly string[];
}

export const defaultNetworkSettings: NetworkSettings = {
  iptables: true,
  ip6tables: true,
  ipForward: true,
  userlandProxy: true,
  userlandProxyPath: "/usr/bin/docker-proxy",
  bridge: "",
  bip: "",
  icc: true,
  ipMasq: true,
  ip: "0.0.0.0",
  mtu: 1500,
  addressPools: [],
  dns: [],
  dnsSearch: [],
  dnsOptions: [],
};
