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

  links(): LinkInfo[] {
    return [...this.#links];
  }

  addLink({ name, mac, mtu, peer }: NewLink): void {
    for (const wanted of peer === undefined ? [name] : [name, peer]) {
      if (this.#links.some(link => link.name === wanted)) throw sysError("EEXIST", "add link", wanted);
      const index = ++this.#lastIndex;
      this.#links.push({
        index,
        name: wanted,
        up: false,
        mtu: mtu ?? 1500,
        ...(mac ? { mac } : {}),
        ...NO_TRAFFIC,
      });
    }
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
    this.#routes.push(route);
  }

  removeRoute(route: Route): void {
    this.#routes = this.#routes.filter(
      known => known.destination !== route.destination || known.prefix !== route.prefix,
    );
  }
}

/** {@link Networks} in memory. A namespace's path is a file among the fake files. */
export class FakeNetworks implements Networks {
  /** By path; the host's own under null. */
  readonly namespaces = new Map<string | null, FakeNamespace>([[null, new FakeNamespace()]]);
  readonly #files: FakeFiles;

  constructor(files: FakeFiles) {
    this.#files = files;
  }

  create(path: string): void {
    if (this.#files.exists(path)) throw sysError("EEXIST", "open", path);
    this.#files.append(path, "");
    this.namespaces.set(path, new FakeNamespace());
  }

  remove(path: string): void {
    this.#files.removeFile(path);
    this.namespaces.delete(path);
  }

  within<T>(path: string | null, work: (namespace: NetworkNamespace) => T): T {
    const namespace = this.namespaces.get(path);
    if (!namespace) throw sysError("ENOENT", "setns", path ?? "");
    return work(namespace);
  }
}
