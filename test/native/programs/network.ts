/** Builds a bridge with a port into another namespace, in a network namespace of its own; prints what it has made. */
import { close, O_RDONLY, open as openFile, write } from "native:fs";
import { createNetwork, CLONE_NEWNET, inNetwork, unmount, unshare } from "native:namespace";
import {
  addLink,
  addresses,
  changeAddress,
  changeRoute,
  deleteLink,
  links,
  open,
  routes,
  setLink,
} from "native:netlink";

const [path = ""] = programArguments;
unshare(CLONE_NEWNET);
createNetwork(path);

function indexOf(socket: number, name: string): number {
  const link = links(socket).find(candidate => candidate.name === name);
  if (!link) throw new Error(`there is no ${name}`);
  return link.index;
}

const socket = open();
addLink(socket, { name: "br0", kind: "bridge", mac: "02:42:00:00:00:01" });
addLink(socket, { name: "port0", kind: "veth", peer: "inner", mtu: 1400 });
const bridge = indexOf(socket, "br0");
const port = indexOf(socket, "port0");
setLink(socket, bridge, { up: 1 });
changeAddress(socket, true, bridge, "10.9.0.1", 24);
setLink(socket, port, { master: bridge, up: 1 });
const networkFd = openFile(path, O_RDONLY);
setLink(socket, indexOf(socket, "inner"), { networkFd });
close(networkFd);

const inside = inNetwork(path, () => {
  const inner = open();
  const index = indexOf(inner, "inner");
  setLink(inner, index, { name: "eth0", mac: "02:42:00:00:00:02", up: 1 });
  changeAddress(inner, true, index, "10.9.0.2", 24);
  changeRoute(inner, true, { gateway: "10.9.0.1" });
  const seen = { links: links(inner), addresses: addresses(inner), routes: routes(inner) };
  changeRoute(inner, false, { gateway: "10.9.0.1" });
  const without = routes(inner);
  close(inner);
  return { ...seen, without };
});

const outside = { links: links(socket), addresses: addresses(socket) };
let failure = "";
try {
  changeAddress(socket, true, bridge, "10.9.0.1", 24);
} catch (error) {
  failure = String(error);
}
deleteLink(socket, port);
deleteLink(socket, bridge);
const left = links(socket).map(link => link.name);
unmount(path);
write(1, JSON.stringify({ inside, outside, failure, left }));
