import type { Disposable } from "../files.ts";
import type { Connection } from "../streams.ts";
import type { Descriptors, OpenStream } from "./descriptors.ts";

/** {@link Connection} on a descriptor of the fake ones. */
export class FakeConnection implements Connection {
  readonly #descriptors: Descriptors;
  readonly #stream: OpenStream;
  #fd: number;
  #ended: () => void = () => {};
  /** Resolves when this end is closed. */
  readonly #closed = new Promise<number>(resolve => {
    this.#ended = () => resolve(0);
  });

  constructor(descriptors: Descriptors, fd: number) {
    this.#descriptors = descriptors;
    this.#fd = fd;
    this.#stream = descriptors.get(fd, "adopt");
  }

  get fd(): number {
    return this.#fd;
  }

  /** The stream behind it, for tests that hold it up. */
  get stream(): OpenStream {
    return this.#stream;
  }

  read(buffer: Uint8Array): Promise<number> {
    if (this.#fd < 0) return Promise.resolve(0);
    return Promise.race([this.#stream.incoming.read(buffer), this.#closed]);
  }

  write(data: Uint8Array | string): Promise<void> {
    if (this.#fd < 0) return Promise.reject(new Error("write: the connection is closed"));
    return this.#stream.outgoing.write(typeof data === "string" ? new TextEncoder().encode(data) : data);
  }

  closeWrite(): void {
    if (this.#fd >= 0) this.#stream.shutDown();
  }

  close(): void {
    if (this.#fd < 0) return;
    this.#descriptors.close(this.detach());
  }

  detach(): number {
    const fd = this.#fd;
    this.#fd = -1;
    this.#ended();
    return fd;
  }

  onHangUp(callback: () => void): Disposable {
    const { hangUp, incoming } = this.#stream;
    hangUp.add(callback);
    if (incoming.ended) queueMicrotask(callback);
    return { dispose: () => hangUp.delete(callback) };
  }
}
