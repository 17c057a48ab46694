/** Builds a bridge with a port into another namespace, in a network namespace of its own; prints what it has made. */
import { close, O_RDONLY, open as openFile, write } from "native:fs";
import { createNetwork, CLONE_NEWNET, inNetwork, unmount, unshare } from "native:namespace";
import {
  addLink,
  addresses,
  changeAddress,
  changeRoute,
  deleteLink,
  link,
  links,
  open,
  routes,
  setLink,
} from "native:netlink";

const [path = ""] = programArguments;
unshare(CLONE_NEWNET);
createNetwork(path);

function indexOf(socket: number, name: string): number {
  const found = link(socket, name);
  if (!found) throw new Error(`there is no ${name}`);
  return found.index;
}

const socket = open();
addLink(socket, { name: "br0", kind: "bridge", mac: "02:42:00:00:00:01" });
addLink(socket, { name: "port0", kind: "veth", peer: { name: "inner" }, mtu: 1400 });
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
// In one step, as the engine does: on the bridge, and with the other end in its namespace.
const direct = openFile(path, O_RDONLY);
const peer = { name: "eth1", mac: "02:42:00:00:00:03", networkFd: direct };
addLink(socket, { name: "port1", kind: "veth", up: 1, master: bridge, peer });
close(direct);
const joined = {
  outside: link(socket, "port1"),
  inside: inNetwork(path, () => {
    const inner = open();
    const found = link(inner, "eth1");
    close(inner);
    return found;
  }),
};
deleteLink(socket, indexOf(socket, "port1"));
deleteLink(socket, port);
deleteLink(socket, bridge);
const left = links(socket).map(({ name }) => name);
const missing = link(socket, "port1");
unmount(path);
write(1, JSON.stringify({ inside, outside, joined, failure, left, missing }));
