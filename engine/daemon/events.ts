import type { EventMessage } from "../api/system.ts";
import type { Clock } from "../sys/clock.ts";

const KEPT = 256; // as many past events as Docker remembers

/** Attributes of an event's actor; what is undefined is left out. */
export type EventAttributes = Readonly<Record<string, string | undefined>>;

/** What happens in the engine, for those who listen and for those who ask later. */
export class EventBus {
  readonly #clock: Clock;
  readonly #past: EventMessage[] = [];
  readonly #listeners = new Set<(event: EventMessage) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  /** Tells everybody. `legacy` events carry the fields that clients of old API versions read. */
  publish(type: string, action: string, id: string, attributes: EventAttributes, legacy = false): void {
    const stamp = this.#clock.timestamp();
    const seconds = Math.floor(Date.parse(`${stamp.slice(0, 19)}Z`) / 1000);
    const timeNano = seconds * 1e9 + Number(stamp.slice(20, -1).padEnd(9, "0"));
    const known: Record<string, string> = {};
    for (const [name, value] of Object.entries(attributes)) if (value !== undefined) known[name] = value;
    const event: EventMessage = {
      ...(legacy ? { status: action, id } : {}),
      ...(legacy && known.image !== undefined ? { from: known.image } : {}),
      Type: type,
      Action: action,
      Actor: { ID: id, Attributes: known },
      scope: "local",
      time: seconds,
      timeNano,
    };
    this.#past.push(event);
    if (this.#past.length > KEPT) this.#past.shift();
    for (const listener of this.#listeners) listener(event);
  }

  /** What is remembered, the oldest first. */
  past(): readonly EventMessage[] {
    return this.#past;
  }

  /** Calls back for each event from now on, until the returned function is called. */
  subscribe(listener: (event: EventMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
