import type { LinkChange, LinkInfo, NetworkNamespace, Networks, NewLink, Route } from "../network.ts";
import type { FakeFiles } from "./files.ts";
import { sysError } from "./sys-error.ts";

const NO_TRAFFIC = {
  rxBytes: 0,
  rxPackets: 0,
  rxErrors: 0,
  rxDropped: 0,
  txBytes: 0,
  txPackets: 0,
  txErrors: 0,
  txDropped: 0,
};

type Address = { readonly index: number; readonly address: string; readonly prefix: number };

/** A namespace with a loopback interface that is down, as a new one has. */
export class FakeNamespace implements NetworkNamespace {
  #links: LinkInfo[] = [{ index: 1, name: "lo", up: false, mtu: 65536, ...NO_TRAFFIC }];
  #addresses: Address[] = [];
  #routes: Route[] = [];
  #lastIndex = 1;

  /** What was written below /proc/sys/net. */
  readonly settings = new Map<string, string>();
  readonly #find: (path: string) => FakeNamespace;
  /** The other ends of veth pairs, by index. */
  readonly #peers = new Map<number, { readonly namespace: FakeNamespace; readonly index: number }>();

  /** `find` knows the other namespaces. */
  constructor(find: (path: string) => FakeNamespace) {
    this.#find = find;
  }

  links(): LinkInfo[] {
    return [...this.#links];
  }

  link(name: string): LinkInfo | null {
    return this.#links.find(link => link.name === name) ?? null;
  }

  addLink({ peer, ...link }: NewLink): void {
    const index = this.#add(link);
    if (!peer) return;
    const namespace = peer.namespace === undefined ? this : this.#find(peer.namespace);
    const mtu = link.mtu === undefined ? {} : { mtu: link.mtu };
    const other = namespace.#add({ name: peer.name, ...(peer.mac ? { mac: peer.mac } : {}), ...mtu });
    this.#peers.set(index, { namespace, index: other });
    namespace.#peers.set(other, { namespace: this, index });
  }

  #add({ name, mac, master, up = false, mtu = 1500 }: Omit<NewLink, "kind" | "peer">): number {
    if (this.link(name)) throw sysError("EEXIST", "add link", name);
    const index = ++this.#lastIndex;
    const optional = { ...(mac ? { mac } : {}), ...(master === undefined ? {} : { master }) };
    this.#links.push({ ...NO_TRAFFIC, name, index, up, mtu, ...optional });
    return index;
  }

  setLink(index: number, change: LinkChange): void {
    const place = this.#links.findIndex(link => link.index === index);
    const link = this.#links[place];
    if (!link) throw sysError("ENODEV", "set link", `${index}`);
    const { namespace: _, ...rest } = change;
    this.#links[place] = { ...link, ...rest };
  }

  deleteLink(index: number): void {
    if (!this.#links.some(link => link.index === index)) throw sysError("ENODEV", "delete link", `${index}`);
    this.#links = this.#links.filter(link => link.index !== index);
    this.#addresses = this.#addresses.filter(known => known.index !== index);
    const peer = this.#peers.get(index);
    this.#peers.delete(index);
    if (peer && peer.namespace.#peers.has(peer.index)) peer.namespace.deleteLink(peer.index);
  }

  addresses(): Address[] {
    return [...this.#addresses];
  }

  addAddress(index: number, address: string, prefix: number): void {
    if (this.#addresses.some(known => known.index === index && known.address === address))
      throw sysError("EEXIST", "add address", address);
    this.#addresses.push({ index, address, prefix });
  }

  removeAddress(index: number, address: string): void {
    this.#addresses = this.#addresses.filter(known => known.index !== index || known.address !== address);
  }

  routes(): Route[] {
    return [...this.#routes];
  }

  addRoute(route: Route): void {
    const { destination = "default", prefix } = route;
    if (
      this.#routes.some(known => (known.destination ?? "default") === destination && known.prefix === prefix)
    )
      throw sysError("EEXIST", "add route", destination);
    this.#routes.push(route);
  }

  removeRoute(route: Route): void {
    this.#routes = this.#routes.filter(
      known => known.destination !== route.destination || known.prefix !== route.prefix,
    );
  }

  writeSetting(name: string, value: string): void {
    this.settings.set(name, value);
  }

  /** Its interfaces go with it, and so do the other ends of its veth pairs. */
  end(): void {
    for (const { index } of this.links()) this.deleteLink(index);
  }
}

/** {@link Networks} in memory. A namespace's path is a file among the fake files. */
export class FakeNetworks implements Networks {
  /** By path; the host's own under null. */
  readonly namespaces: Map<string | null, FakeNamespace>;
  readonly #files: FakeFiles;

  /** `namespaces` are those of a machine that runs already. */
  constructor(files: FakeFiles, namespaces?: Map<string | null, FakeNamespace>) {
    this.#files = files;
    this.namespaces = namespaces ?? new Map();
    if (!namespaces) this.namespaces.set(null, this.#empty());
  }

  /** The host's own. */
  get host(): FakeNamespace {
    return this.#at(null);
  }

  create(path: string): void {
    if (this.#files.exists(path)) throw sysError("EEXIST", "open", path);
    this.#files.append(path, "");
    this.namespaces.set(path, this.#empty());
  }

  remove(path: string): void {
    this.#files.removeFile(path);
    this.namespaces.get(path)?.end();
    this.namespaces.delete(path);
  }

  within<T>(path: string | null, work: (namespace: NetworkNamespace) => T): T {
    return work(this.#at(path));
  }

  #at(path: string | null): FakeNamespace {
    const namespace = this.namespaces.get(path);
    if (!namespace) throw sysError("ENOENT", "setns", path ?? "");
    return namespace;
  }

  #empty(): FakeNamespace {
    return new FakeNamespace(path => this.#at(path));
  }
}
