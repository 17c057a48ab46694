import * as fs from "native:fs";
import * as namespace from "native:namespace";
import * as netlink from "native:netlink";
import { isSysError } from "../files.ts";
import { DETACH } from "../kernel.ts";
import type { LinkChange, LinkInfo, NetworkNamespace, Networks, NewLink, Route } from "../network.ts";

/** Opens a namespace for as long as a function needs its descriptor; without a path there is none. */
function withNamespace<T>(path: string | undefined, use: (fd: { networkFd?: number }) => T): T {
  if (path === undefined) return use({});
  const networkFd = fs.open(path, fs.O_RDONLY);
  try {
    return use({ networkFd });
  } finally {
    fs.close(networkFd);
  }
}

/** The kernel's flag, left out where nothing was said. */
function upFlag(up: boolean | undefined): { up?: number } {
  return up === undefined ? {} : { up: up ? 1 : 0 };
}

/** One netlink socket, which speaks for the namespace that it was opened in. */
class NativeNamespace implements NetworkNamespace {
  readonly #socket: number;
  readonly #path: string | null;

  constructor(socket: number, path: string | null) {
    this.#socket = socket;
    this.#path = path;
  }

  links(): LinkInfo[] {
    return netlink.links(this.#socket);
  }

  link(name: string): LinkInfo | null {
    return netlink.link(this.#socket, name);
  }

  addLink(link: NewLink): void {
    const { up, peer, ...rest } = link;
    if (!peer) {
      netlink.addLink(this.#socket, { ...rest, ...upFlag(up) });
      return;
    }
    const { namespace: path, ...end } = peer;
    withNamespace(path, fd =>
      netlink.addLink(this.#socket, { ...rest, ...upFlag(up), peer: { ...end, ...fd } }),
    );
  }

  setLink(index: number, change: LinkChange): void {
    const { up, namespace: path, ...rest } = change;
    withNamespace(path, fd => netlink.setLink(this.#socket, index, { ...rest, ...upFlag(up), ...fd }));
  }

  deleteLink(index: number): void {
    netlink.deleteLink(this.#socket, index);
  }

  addresses(): { index: number; address: string; prefix: number }[] {
    return netlink.addresses(this.#socket);
  }

  addAddress(index: number, address: string, prefix: number): void {
    netlink.changeAddress(this.#socket, true, index, address, prefix);
  }

  removeAddress(index: number, address: string, prefix: number): void {
    netlink.changeAddress(this.#socket, false, index, address, prefix);
  }

  routes(): Route[] {
    return netlink.routes(this.#socket);
  }

  addRoute(route: Route): void {
    netlink.changeRoute(this.#socket, true, route);
  }

  removeRoute(route: Route): void {
    netlink.changeRoute(this.#socket, false, route);
  }

  writeSetting(name: string, value: string): void {
    const write = (): void => fs.writeFile(`/proc/sys/net/${name}`, value, fs.O_WRONLY);
    if (this.#path === null) write();
    else namespace.inNetwork(this.#path, write);
  }
}

/** {@link Networks} on native:namespace and native:netlink. */
export class NativeNetworks implements Networks {
  create(path: string): void {
    namespace.createNetwork(path);
  }

  remove(path: string): void {
    try {
      namespace.unmount(path, DETACH);
    } catch (error) {
      if (!isSysError(error, "EINVAL", "ENOENT")) throw error;
    }
    try {
      fs.unlink(path);
    } catch (error) {
      if (!isSysError(error, "ENOENT")) throw error;
    }
  }

  within<T>(path: string | null, work: (network: NetworkNamespace) => T): T {
    const socket = path === null ? netlink.open() : namespace.inNetwork(path, netlink.open);
    try {
      return work(new NativeNamespace(socket, path));
    } finally {
      fs.close(socket);
    }
  }
}
