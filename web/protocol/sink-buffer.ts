import type { StreamEnd, StreamSink } from "./stream.ts";
import type { Channel } from "./wire.ts";

/** Passes a stream's events on to its sink, and keeps them until there is one: at most a window of bytes. */
export class SinkBuffer {
  #sink: StreamSink | undefined;
  #pid: number | undefined;
  #early: { readonly bytes: Uint8Array; readonly channel: Channel }[] = [];
  #ended = false;
  #end: StreamEnd | undefined;

  attach(sink: StreamSink): void {
    if (this.#sink !== undefined) throw new Error("the stream has a sink already");
    this.#sink = sink;
    const early = this.#early;
    this.#early = [];
    if (this.#pid !== undefined) sink.opened?.(this.#pid);
    for (const { bytes, channel } of early) sink.data(bytes, channel);
    if (this.#ended) sink.ended?.();
    if (this.#end !== undefined) sink.closed(this.#end);
  }

  opened(pid: number): void {
    this.#pid = pid;
    this.#sink?.opened?.(pid);
  }

  data(bytes: Uint8Array, channel: Channel): void {
    if (this.#sink !== undefined) this.#sink.data(bytes, channel);
    else this.#early.push({ bytes, channel });
  }

  ended(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#sink?.ended?.();
  }

  sent(bytes: number): void {
    this.#sink?.sent?.(bytes);
  }

  closed(end: StreamEnd): void {
    this.#end = end;
    this.#sink?.closed(end);
  }
}
