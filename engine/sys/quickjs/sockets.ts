import * as fs from "native:fs";
import * as loop from "native:loop";
import * as namespace from "native:namespace";
import * as socket from "native:socket";
import { EngineError } from "../../base/errors.ts";
import { isSysError } from "../files.ts";
import type { BoundPort, Connection, Listener, Sockets } from "../streams.ts";
import { NativeConnection } from "./connection.ts";

const DATAGRAM_SIZE = 4096;

function listener(fd: number, accept: (connection: Connection) => void, ended: () => void): Listener {
  const watch = loop.watch(fd, loop.EPOLLIN, () => {
    for (let connection = socket.accept(fd); connection >= 0; connection = socket.accept(fd))
      accept(new NativeConnection(connection));
  });
  return {
    address: socket.localAddress(fd),
    dispose: () => {
      loop.unwatch(watch);
      fs.close(fd);
      ended();
    },
  };
}

/** Removes a socket file that no process listens on any more. */
function removeStale(path: string): void {
  const info = fs.stat(path);
  if (info?.kind !== "socket") return;
  try {
    fs.close(socket.connectUnix(path));
  } catch (error) {
    if (!isSysError(error, "ECONNREFUSED")) throw error;
    fs.unlink(path);
  }
}

/** {@link Sockets} on native:socket. */
export class NativeSockets implements Sockets {
  listenUnix(path: string, mode: number, accept: (connection: Connection) => void): Listener {
    removeStale(path);
    return listener(socket.listenUnix(path, mode), accept, () => fs.unlink(path));
  }

  connectUnix(path: string): Connection {
    return new NativeConnection(socket.connectUnix(path));
  }

  listenTcp(address: string, port: number, accept: (connection: Connection) => void): Listener {
    return listener(socket.listenTcp(address, port), accept, () => {});
  }

  connectTcp(address: string, port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const fd = socket.connectTcp(address, port);
      const watch = loop.watch(fd, loop.EPOLLOUT, () => {
        loop.unwatch(watch);
        try {
          socket.takeError(fd);
          resolve(new NativeConnection(fd));
        } catch (error) {
          fs.close(fd);
          reject(error);
        }
      });
    });
  }

  pair(): [Connection, Connection] {
    const [left, right] = socket.pair();
    return [new NativeConnection(left), new NativeConnection(right)];
  }

  adopt(fd: number): Connection {
    return new NativeConnection(fd);
  }

  sendWithFds(connection: Connection, message: string, fds: readonly number[]): void {
    const sent = socket.sendWithFds(connection.fd, message, fds);
    if (sent < message.length)
      throw new EngineError("system", "sendmsg: the socket took only part of a message");
  }

  bindPort(protocol: string, address: string, port: number): BoundPort {
    const fd = socket.bindPort(protocol, address, port);
    return {
      fd,
      port: socket.localAddress(fd).port ?? port,
      listen: () => {
        if (protocol !== "udp") socket.listen(fd);
      },
      close: () => fs.close(fd),
    };
  }

  listenUdp(
    place: { readonly namespace: string; readonly address: string; readonly port: number },
    receive: (datagram: Uint8Array, reply: (data: Uint8Array) => void) => void,
  ): Listener {
    const fd = namespace.inNetwork(place.namespace, () => socket.bindUdp(place.address, place.port));
    const buffer = new Uint8Array(DATAGRAM_SIZE);
    let open = true;
    const watch = loop.watch(fd, loop.EPOLLIN, () => {
      for (let got = socket.receiveFrom(fd, buffer); got; got = socket.receiveFrom(fd, buffer)) {
        const { length, address, port } = got;
        receive(buffer.slice(0, length), data => {
          if (open) socket.sendTo(fd, data, address, port);
        });
      }
    });
    const dispose = (): void => {
      if (!open) return;
      open = false;
      loop.unwatch(watch);
      fs.close(fd);
    };
    return { address: socket.localAddress(fd), dispose };
  }

  exchangeUdp(
    address: string,
    port: number,
    query: Uint8Array,
    timeoutMs: number,
  ): Promise<Uint8Array | null> {
    return new Promise(resolve => {
      const fd = socket.connectUdp(address, port);
      const finish = (answer: Uint8Array | null): void => {
        loop.unwatch(watch);
        loop.clearTimer(timer);
        fs.close(fd);
        resolve(answer);
      };
      const watch = loop.watch(fd, loop.EPOLLIN, () => {
        const buffer = new Uint8Array(DATAGRAM_SIZE);
        try {
          const length = fs.read(fd, buffer);
          if (length >= 0) finish(buffer.subarray(0, length));
        } catch {
          finish(null); // ECONNREFUSED: nobody serves that port
        }
      });
      const timer = loop.setTimer(timeoutMs, () => finish(null));
      try {
        fs.write(fd, query);
      } catch {
        finish(null);
      }
    });
  }
}
