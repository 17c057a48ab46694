import { type ReadonlySignal, signal } from "@preact/signals";
import type { ContainerSummary } from "../../../engine/api/container.ts";
import { exchange } from "../../http/exchange.ts";
import { BytePipe } from "../../protocol/byte-pipe.ts";
import { concat } from "../../protocol/frame-parser.ts";
import { LinkError } from "../../protocol/link-error.ts";
import type { OpenRequest } from "../../protocol/open-request.ts";
import type { GuestStream } from "../../protocol/stream.ts";
import { decodeText } from "../../protocol/text.ts";

/** A TCP port of the machine that belongs to a container. */
export interface PublishedPort {
  readonly port: number;
  /** The container's name, without the slash. */
  readonly container: string;
}

const ENGINE = { kind: "unix", path: "/var/run/docker.sock" } as const;
const OF_CONTAINERS = encodeURIComponent(JSON.stringify({ type: ["container"] }));
const EVENTS = `/events?filters=${OF_CONTAINERS}`;
/** Milliseconds until the engine is asked again when it has ended the stream of events. */
const RETRY = 2000;

/** The ports that running containers publish, by the engine's list, which is read again at each of its events. */
export class PublishedPorts {
  readonly #open: (request: OpenRequest) => GuestStream;
  readonly #ports = signal<readonly PublishedPort[]>([]);

  constructor(open: (request: OpenRequest) => GuestStream) {
    this.#open = open;
  }

  get value(): ReadonlySignal<readonly PublishedPort[]> {
    return this.#ports;
  }

  /** Follows the engine until `end` is aborted. */
  async follow(end: AbortSignal): Promise<void> {
    while (!end.aborted) {
      try {
        await this.#followOnce(end);
      } catch (error) {
        if (!isOutage(error)) throw error;
      }
      await pause(RETRY, end);
    }
    this.#ports.value = [];
  }

  async #followOnce(end: AbortSignal): Promise<void> {
    const stream = this.#open(ENGINE);
    const hangUp = (): void => stream.reset(new LinkError("ECANCELED", "nobody follows"));
    end.addEventListener("abort", hangUp, { once: true });
    try {
      const { body } = await exchange(new BytePipe(stream), get(EVENTS), undefined);
      await this.#list();
      for (let some = await body.next(); some.done !== true; some = await body.next()) await this.#list();
    } finally {
      end.removeEventListener("abort", hangUp);
      hangUp();
    }
  }

  async #list(): Promise<void> {
    const stream = this.#open(ENGINE);
    const { head, body } = await exchange(new BytePipe(stream), get("/containers/json"), undefined);
    const pieces: Uint8Array[] = [];
    for await (const bytes of body) pieces.push(bytes);
    stream.reset(new LinkError("ECANCELED", "listed"));
    if (head.status !== 200) return;
    const containers: readonly ContainerSummary[] = JSON.parse(decodeText(concat(pieces)));
    this.#ports.value = containers.flatMap(portsOf);
  }
}

function get(target: string) {
  return { method: "GET", target, headers: [["Host", "docker"]] } as const;
}

/** Each port once, though it is bound for IPv4 and for IPv6. */
function portsOf({ Names, Ports }: ContainerSummary): PublishedPort[] {
  const container = Names[0]?.replace(/^\//, "") ?? "";
  const bound = Ports.filter(({ Type, PublicPort }) => Type === "tcp" && PublicPort !== undefined);
  return [...new Set(bound.map(({ PublicPort }) => PublicPort ?? 0))].map(port => ({ port, container }));
}

function isOutage(error: unknown): boolean {
  return error instanceof Error && (error.name === "LinkError" || error.name === "HttpError");
}

function pause(milliseconds: number, end: AbortSignal): Promise<void> {
  if (end.aborted) return Promise.resolve();
  return new Promise(resolve => {
    const finish = (): void => {
      clearTimeout(timer);
      end.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    end.addEventListener("abort", finish);
  });
}
