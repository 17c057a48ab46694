import * as fs from "native:fs";
import * as namespace from "native:namespace";
import * as netlink from "native:netlink";
import { isSysError } from "../files.ts";
import { DETACH } from "../kernel.ts";
import type { LinkChange, LinkInfo, NetworkNamespace, Networks, NewLink, Route } from "../network.ts";

/** One netlink socket, which speaks for the namespace that it was opened in. */
class NativeNamespace implements NetworkNamespace {
  readonly #socket: number;

  constructor(socket: number) {
    this.#socket = socket;
  }

  links(): LinkInfo[] {
    return netlink.links(this.#socket);
  }

  addLink(link: NewLink): void {
    netlink.addLink(this.#socket, link);
  }

  setLink(index: number, change: LinkChange): void {
    const { up, namespace: path, ...rest } = change;
    const networkFd = path === undefined ? undefined : fs.open(path, fs.O_RDONLY);
    try {
      netlink.setLink(this.#socket, index, {
        ...rest,
        ...(up === undefined ? {} : { up: up ? 1 : 0 }),
        ...(networkFd === undefined ? {} : { networkFd }),
      });
    } finally {
      if (networkFd !== undefined) fs.close(networkFd);
    }
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
      return work(new NativeNamespace(socket));
    } finally {
      fs.close(socket);
    }
  }
}
