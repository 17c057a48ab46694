/** Follows what containers use, each on a connection of its own. */
import type { ContainerStats } from "../../api/stats.ts";
import { containerStats } from "../../client/containers.ts";
import { jsonLines } from "../../client/json-lines.ts";
import type { HttpResponse } from "../../sys/http/client.ts";
import type { CommandContext } from "../context.ts";
import { noUsage, StatsRow, type Usage, usageOf } from "./stats-row.ts";

/** What was last heard of a container. */
export class StatsFollower {
  readonly container: string;
  /** Resolves once something is known, even if only that nothing can be. */
  readonly ready: Promise<void>;
  #usage: Usage = noUsage;
  #isKnown = true;
  #error: unknown = undefined;
  #response: HttpResponse | null = null;

  constructor(context: CommandContext, container: string, stream: boolean) {
    this.container = container;
    this.ready = new Promise(resolve => {
      void this.#follow(context, stream, resolve);
    });
  }

  /** Why nothing can be known; undefined where something is. */
  get error(): unknown {
    return this.#error;
  }

  row(truncates: boolean): StatsRow {
    return new StatsRow(this.container, this.#usage, { isKnown: this.#isKnown, truncates });
  }

  close(): void {
    this.#response?.close();
  }

  async #follow(context: CommandContext, stream: boolean, ready: () => void): Promise<void> {
    try {
      this.#response = await containerStats(context.client, this.container, stream);
      for await (const stats of jsonLines<ContainerStats>(this.#response.body, context.sys.bytes)) {
        this.#usage = usageOf(stats);
        ready();
      }
      if (stream) this.#isKnown = false; // it is gone
    } catch (error) {
      this.#error = error;
      this.#isKnown = false;
    }
    ready();
  }
}

/** Several containers, in the order in which they were added. */
export class StatsFollowers {
  readonly #context: CommandContext;
  readonly #stream: boolean;
  readonly #followers = new Map<string, StatsFollower>();

  /** `stream` tells whether to go on after the first sample of each. */
  constructor(context: CommandContext, stream: boolean) {
    this.#context = context;
    this.#stream = stream;
  }

  /** One that is there already stays as it is. */
  add(container: string): void {
    if (!this.#followers.has(container))
      this.#followers.set(container, new StatsFollower(this.#context, container, this.#stream));
  }

  remove(container: string): void {
    this.#followers.get(container)?.close();
    this.#followers.delete(container);
  }

  /** Resolves when something is known of each. */
  async ready(): Promise<void> {
    await Promise.all([...this.#followers.values()].map(follower => follower.ready));
  }

  errors(): unknown[] {
    return [...this.#followers.values()].map(({ error }) => error).filter(error => error !== undefined);
  }

  rows(truncates: boolean): StatsRow[] {
    return [...this.#followers.values()].map(follower => follower.row(truncates));
  }
}
