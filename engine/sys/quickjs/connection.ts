import * as fs from "native:fs";
import * as loop from "native:loop";
import * as socket from "native:socket";
import * as text from "native:text";
import type { Disposable } from "../files.ts";
import type { Connection } from "../streams.ts";

interface Reading {
  readonly buffer: Uint8Array;
  readonly resolve: (length: number) => void;
  readonly reject: (error: unknown) => void;
}

interface Writing {
  readonly data: Uint8Array;
  offset: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** How bytes get through a descriptor: how many did, -1 where it would block. */
interface Transfer {
  read(fd: number, buffer: Uint8Array): number;
  write(fd: number, data: Uint8Array, offset: number): number;
}

/** For sockets whose mode is not ours to change. */
export const sharedSocketTransfer: Transfer = { read: socket.receive, write: socket.send };

/**
 * {@link Connection} on a non-blocking descriptor. Reads and writes are tried at once and wait in the loop only
 * where the kernel says so; the loop knows the descriptor only while somebody waits.
 */
export class NativeConnection implements Connection {
  #fd: number;
  readonly #transfer: Transfer;
  #watch = -1;
  #reading: Reading | null = null;
  #writing: Writing[] = [];
  #hangUp: (() => void) | null = null;

  constructor(fd: number, transfer: Transfer = fs) {
    this.#fd = fd;
    this.#transfer = transfer;
  }

  get fd(): number {
    return this.#fd;
  }

  read(buffer: Uint8Array): Promise<number> {
    if (this.#fd < 0) return Promise.resolve(0);
    return new Promise((resolve, reject) => {
      try {
        const length = this.#transfer.read(this.#fd, buffer);
        if (length >= 0) {
          resolve(length);
          return;
        }
        this.#reading = { buffer, resolve, reject };
        this.#rewatch();
      } catch (error) {
        reject(error);
      }
    });
  }

  write(data: Uint8Array | string): Promise<void> {
    return new Promise((resolve, reject) => {
      const bytes = typeof data === "string" ? text.encode(data) : data;
      if (this.#fd < 0) {
        reject(new Error("write: the connection is closed"));
        return;
      }
      this.#writing.push({ data: bytes, offset: 0, resolve, reject });
      if (this.#writing.length === 1) this.#flush();
    });
  }

  closeWrite(): void {
    if (this.#fd >= 0) socket.shutdown(this.#fd, socket.SHUT_WR);
  }

  close(): void {
    if (this.#fd < 0) return;
    this.#unwatch();
    fs.close(this.#fd);
    this.#end();
  }

  detach(): number {
    this.#unwatch();
    const fd = this.#fd;
    this.#end();
    return fd;
  }

  onHangUp(callback: () => void): Disposable {
    this.#hangUp = callback;
    this.#rewatch();
    return {
      dispose: () => {
        if (this.#hangUp !== callback) return;
        this.#hangUp = null;
        if (this.#fd >= 0) this.#rewatch();
      },
    };
  }

  /** Forgets the descriptor; who still waits learns that nothing more comes. */
  #end(): void {
    this.#fd = -1;
    this.#hangUp = null;
    const reading = this.#reading;
    const writing = this.#writing;
    this.#reading = null;
    this.#writing = [];
    reading?.resolve(0);
    for (const item of writing) item.reject(new Error("write: the connection was closed"));
  }

  #unwatch(): void {
    if (this.#watch >= 0) loop.unwatch(this.#watch);
    this.#watch = -1;
  }

  /** Waits for just what somebody needs. */
  #rewatch(): void {
    const events =
      (this.#reading ? loop.EPOLLIN : 0) |
      (this.#writing.length > 0 ? loop.EPOLLOUT : 0) |
      (this.#hangUp ? loop.EPOLLRDHUP : 0);
    if (events === 0) this.#unwatch();
    else if (this.#watch >= 0) loop.modify(this.#watch, events);
    else this.#watch = loop.watch(this.#fd, events, ready => this.#onReady(ready));
  }

  #onReady(events: number): void {
    if (this.#reading && events & (loop.EPOLLIN | loop.EPOLLHUP | loop.EPOLLERR)) this.#fill(this.#reading);
    if (this.#writing.length > 0 && events & (loop.EPOLLOUT | loop.EPOLLHUP | loop.EPOLLERR)) this.#flush();
    if (this.#hangUp && events & (loop.EPOLLRDHUP | loop.EPOLLHUP | loop.EPOLLERR)) {
      const callback = this.#hangUp;
      this.#hangUp = null;
      callback();
    }
    if (this.#fd >= 0) this.#rewatch();
  }

  #fill(reading: Reading): void {
    try {
      const length = this.#transfer.read(this.#fd, reading.buffer);
      if (length < 0) return;
      this.#reading = null;
      reading.resolve(length);
    } catch (error) {
      this.#reading = null;
      reading.reject(error);
    }
  }

  #flush(): void {
    let item = this.#writing[0];
    while (item) {
      try {
        const count = this.#transfer.write(this.#fd, item.data, item.offset);
        if (count < 0) break;
        item.offset += count;
        if (item.offset < item.data.length) continue;
        this.#writing.shift();
        item.resolve();
      } catch (error) {
        this.#writing.shift();
        item.reject(error);
      }
      item = this.#writing[0];
    }
    if (this.#watch >= 0 || this.#writing.length > 0) this.#rewatch();
  }
}
