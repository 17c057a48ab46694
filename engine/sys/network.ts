/** A network interface (rtnetlink(7)). */
export interface LinkInfo {
  readonly index: number;
  readonly name: string;
  readonly up: boolean;
  readonly mtu: number;
  readonly mac?: string;
  /** Index of the bridge that it is a port of. */
  readonly master?: number;
  readonly rxBytes: number;
  readonly rxPackets: number;
  readonly rxErrors: number;
  readonly rxDropped: number;
  readonly txBytes: number;
  readonly txPackets: number;
  readonly txErrors: number;
  readonly txDropped: number;
}

export interface NewLink {
  readonly name: string;
  readonly kind: "bridge" | "veth" | "dummy";
  readonly mac?: string;
  readonly mtu?: number;
  readonly up?: boolean;
  /** Index of the bridge that it becomes a port of. */
  readonly master?: number;
  /** The other end of a veth pair, in the network namespace at a path; it is down at first. */
  readonly peer?: { readonly name: string; readonly mac?: string; readonly namespace?: string };
}

export interface LinkChange {
  readonly up?: boolean;
  readonly name?: string;
  readonly mac?: string;
  readonly mtu?: number;
  /** Index of a bridge; 0 takes it off. */
  readonly master?: number;
  /** The path of the network namespace to move it to. */
  readonly namespace?: string;
}

/** No destination means the default route. */
export interface Route {
  readonly destination?: string;
  readonly prefix?: number;
  readonly gateway?: string;
  readonly index?: number;
}

/** The interfaces, addresses and routes of one network namespace. */
export interface NetworkNamespace {
  links(): LinkInfo[];
  /** The one of that name; null where there is none. */
  link(name: string): LinkInfo | null;
  addLink(link: NewLink): void;
  setLink(index: number, change: LinkChange): void;
  deleteLink(index: number): void;
  addresses(): { readonly index: number; readonly address: string; readonly prefix: number }[];
  addAddress(index: number, address: string, prefix: number): void;
  removeAddress(index: number, address: string, prefix: number): void;
  routes(): Route[];
  addRoute(route: Route): void;
  removeRoute(route: Route): void;
  /** Writes below /proc/sys/net, which shows each namespace its own ("ipv6/conf/eth0/disable_ipv6"). */
  writeSetting(name: string, value: string): void;
}

/** Network namespaces by path. */
export interface Networks {
  /** Makes one that a bind mount at the path keeps alive. The path must not exist. */
  create(path: string): void;
  /** Ends what keeps it alive; absent is fine. */
  remove(path: string): void;
  /** Works in the namespace at a path, or in our own; only until the function returns. */
  within<T>(path: string | null, work: (namespace: NetworkNamespace) => T): T;
}
