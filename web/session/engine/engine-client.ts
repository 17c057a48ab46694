import { API_VERSION, type ErrorBody, type EventMessage } from "../../../engine/api/system.ts";
import { BytePipe } from "../../protocol/byte-pipe.ts";
import { LinkError } from "../../protocol/link-error.ts";
import type { OpenRequest } from "../../protocol/open-request.ts";
import type { GuestStream } from "../../protocol/stream.ts";
import { encodeText } from "../../protocol/text.ts";
import { ByteSource } from "./byte-source.ts";
import { EngineCallError } from "./engine-call-error.ts";
import { HttpAnswer } from "./http-answer.ts";

/** One request of the Engine API. */
export interface EngineCall {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Without version: `/containers/json`. What is not ours in it is escaped already. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
}

/** The part of a machine that a client uses. */
export interface EngineHost {
  open(request: OpenRequest): GuestStream;
}

const SOCKET = "/var/run/docker.sock";

/**
 * A client of the daemon in the machine, like any other: HTTP/1.1 over its socket, a connection for each call. All
 * methods reject with an {@link EngineCallError}. An aborted `signal` ends the call's connection.
 */
export class EngineClient {
  readonly #host: EngineHost;

  constructor(host: EngineHost) {
    this.#host = host;
  }

  /** The answer's body as what the route is known to give. */
  async json<T>(call: EngineCall, signal?: AbortSignal): Promise<T> {
    return this.#exchange(call, signal, async answer => {
      const text = await answer.text();
      return sensible<T>(() => JSON.parse(text));
    });
  }

  /** For calls whose answer says nothing but that it is done. */
  async send(call: EngineCall, signal?: AbortSignal): Promise<void> {
    await this.#exchange(call, signal, answer => answer.text());
  }

  /**
   * Tells what happens in the daemon (`GET /events`) until it hangs up. `filters` are the API's. `opened` is called
   * when the daemon listens: from then on nothing is missed.
   */
  async events(
    filters: Readonly<Record<string, readonly string[]>>,
    listener: { readonly opened: () => void; readonly event: (event: EventMessage) => void },
    signal?: AbortSignal,
  ): Promise<void> {
    const call = { method: "GET", path: "/events", query: { filters: JSON.stringify(filters) } } as const;
    await this.#exchange(call, signal, async answer => {
      listener.opened();
      for await (const line of answer.lines()) {
        const event = sensible<EventMessage>(() => JSON.parse(line));
        listener.event(event);
      }
    });
  }

  /** For answers that are bytes and go on, such as logs: the answer is good until `use` is over. */
  async stream<T>(
    call: EngineCall,
    use: (body: AsyncIterable<Uint8Array>) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    return this.#exchange(call, signal, answer => use(answer.body()));
  }

  async #exchange<T>(
    call: EngineCall,
    signal: AbortSignal | undefined,
    use: (answer: HttpAnswer) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const stream = this.#open();
    const hangUp = (): void =>
      stream.reset(new LinkError("ECANCELED", "nobody waits for the answer any more"));
    signal?.addEventListener("abort", hangUp, { once: true });
    try {
      const pipe = new BytePipe(stream);
      stream.send(encodeText(requestText(call)));
      await connected(stream);
      const answer = await HttpAnswer.read(new ByteSource(pipe));
      if (answer.status >= 400) throw await refusal(answer);
      return await use(answer);
    } finally {
      signal?.removeEventListener("abort", hangUp);
      hangUp(); // an answer that was read to its end has come whole: nothing is lost by this
    }
  }

  #open(): GuestStream {
    try {
      return this.#host.open({ kind: "unix", path: SOCKET });
    } catch (error) {
      throw unreachable(error);
    }
  }
}

async function connected(stream: GuestStream): Promise<void> {
  try {
    await stream.opened;
  } catch (error) {
    throw unreachable(error);
  }
}

function unreachable(cause: unknown): EngineCallError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EngineCallError("unreachable", `the daemon takes no connections: ${reason}`, { cause });
}

function requestText({ method, path, query, body }: EngineCall): string {
  const question = query === undefined ? "" : `?${new URLSearchParams(query).toString()}`;
  const payload = body === undefined ? "" : JSON.stringify(body);
  const fields = ["Host: docker", "User-Agent: drydock-page"];
  if (body !== undefined) fields.push("Content-Type: application/json");
  if (method !== "GET") fields.push(`Content-Length: ${encodeText(payload).length}`);
  return [`${method} /v${API_VERSION}${path}${question} HTTP/1.1`, ...fields, "", payload].join("\r\n");
}

/** What the daemon said instead of success: its own message, where it has one. */
async function refusal(answer: HttpAnswer): Promise<EngineCallError> {
  const text = await answer.text();
  const { status } = answer;
  if (!answer.headers.get("content-type")?.startsWith("application/json"))
    return new EngineCallError("refused", text.trim() || `the daemon answers ${status}`, { status });
  return new EngineCallError("refused", sensible<ErrorBody>(() => JSON.parse(text)).message, { status });
}

/** Reads JSON; what is none is a daemon's failure like others. */
function sensible<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new EngineCallError("protocol", "the daemon's answer is not JSON", { cause });
  }
}
