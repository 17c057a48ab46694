import { ByteQueue } from "./byte-queue.ts";
import { sysError } from "./sys-error.ts";

/** An open stream: both directions, and how many descriptors stand for it. */
export class OpenStream {
  readonly incoming: ByteQueue;
  readonly outgoing: ByteQueue;
  /** Called when the other side has hung up. */
  readonly hangUp = new Set<() => void>();
  references = 0;
  peer: OpenStream | null = null;

  constructor(incoming: ByteQueue, outgoing: ByteQueue) {
    this.incoming = incoming;
    this.outgoing = outgoing;
  }

  /** Tells the other side that no more will come. */
  shutDown(): void {
    if (this.outgoing.ended) return;
    this.outgoing.end();
    for (const callback of this.peer?.hangUp ?? []) queueMicrotask(callback);
  }

  /** The last descriptor was closed. */
  close(): void {
    this.incoming.break();
    this.shutDown();
  }
}

/** The descriptors of all fake processes, numbered in one row. */
export class Descriptors {
  readonly #streams = new Map<number, OpenStream>();
  readonly #standing = new Set<number>();
  #last = 2;

  /** How many are open, without those that stand for good. */
  get count(): number {
    return this.#streams.size - this.#standing.size;
  }

  open(stream: OpenStream): number {
    stream.references++;
    this.#streams.set(++this.#last, stream);
    return this.#last;
  }

  /** Two streams joined to each other, with a descriptor each. */
  openPair(): [number, number] {
    const forth = new ByteQueue();
    const back = new ByteQueue();
    const left = new OpenStream(back, forth);
    const right = new OpenStream(forth, back);
    left.peer = right;
    right.peer = left;
    return [this.open(left), this.open(right)];
  }

  get(fd: number, syscall: string): OpenStream {
    const stream = this.#streams.get(fd);
    if (!stream) throw sysError("EBADF", syscall);
    return stream;
  }

  /** A second descriptor for the same stream. */
  duplicate(fd: number): number {
    return this.open(this.get(fd, "dup"));
  }

  /** Leaves a descriptor out of the count: for what stays open, or is the kernel's own. */
  leaveOut(fd: number): void {
    this.#standing.add(fd);
  }

  isOpen(fd: number): boolean {
    return this.#streams.has(fd);
  }

  close(fd: number): void {
    const stream = this.get(fd, "close");
    this.#streams.delete(fd);
    this.#standing.delete(fd);
    if (--stream.references === 0) stream.close();
  }
}
