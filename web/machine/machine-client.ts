import { type Endpoint, type Remote, transfer, wrap } from "comlink";
import { LinkError } from "../protocol/link-error.ts";
import type { GuestStreamHandler } from "../protocol/link.ts";
import type { OpenRequest } from "../protocol/open-request.ts";
import type { GuestStream } from "../protocol/stream.ts";
import { MachineError } from "./machine-error.ts";
import type { MachineState } from "./machine-state.ts";
import type {
  BootOptions,
  Machine,
  MachineObserver,
  RestoreOptions,
  SaveOptions,
  SavedMachine,
} from "./machine.ts";
import { PortStream } from "./stream-port.ts";
import type { Outcome, WorkerApi, WorkerEvent } from "./worker-api.ts";

/** A machine in a worker, used from the page. */
export class MachineClient implements Machine {
  readonly #worker: Remote<WorkerApi>;
  readonly #observers: MachineObserver[] = [];
  #state: MachineState = "off";
  #guestStream: GuestStreamHandler = (_open, stream) =>
    stream.reset(new LinkError("ECONNREFUSED", "nobody serves the guest's streams"));

  /** `worker` runs `worker/worker.ts`; whoever made it ends it. */
  constructor(worker: Endpoint) {
    this.#worker = wrap<WorkerApi>(worker);
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", (event: MessageEvent<WorkerEvent>) => this.#take(event.data));
    port1.start();
    void this.#worker.connect(transfer(port2, [port2]));
  }

  get state(): MachineState {
    return this.#state;
  }

  observe(observer: MachineObserver): void {
    this.#observers.push(observer);
  }

  /** Resolves when the worker has answered: it is neither gone nor busy for good. */
  async ping(): Promise<void> {
    await this.#worker.ping();
  }

  async boot(options: BootOptions): Promise<void> {
    unwrap(await this.#worker.boot(options));
  }

  async restore(options: RestoreOptions): Promise<void> {
    const bytes = [options.wasm, options.snapshot].flatMap(asset => ("bytes" in asset ? [asset.bytes] : []));
    unwrap(await this.#worker.restore(transfer(options, bytes)));
  }

  open(request: OpenRequest): GuestStream {
    const { port1, port2 } = new MessageChannel();
    const stream = new PortStream(port1);
    this.#worker.open(request, transfer(port2, [port2])).catch((error: unknown) => {
      stream.reset(new LinkError("ENOTCONN", error instanceof Error ? error.message : String(error)));
    });
    return stream;
  }

  onGuestStream(handler: GuestStreamHandler): void {
    this.#guestStream = handler;
  }

  async stop(): Promise<void> {
    unwrap(await this.#worker.stop());
  }

  async resume(): Promise<void> {
    unwrap(await this.#worker.resume());
  }

  async save(options: SaveOptions): Promise<SavedMachine> {
    return unwrap(await this.#worker.save(options));
  }

  async destroy(): Promise<void> {
    unwrap(await this.#worker.destroy());
  }

  #take(event: WorkerEvent): void {
    switch (event.type) {
      case "state":
        this.#state = event.state;
        for (const observer of this.#observers) observer.state?.(event.state, event.failure);
        break;
      case "progress":
        for (const observer of this.#observers) observer.progress?.(event.progress);
        break;
      case "guest-stream":
        this.#guestStream(event.open, new PortStream(event.port));
        break;
    }
  }
}

function unwrap<T>(outcome: Outcome<T>): T {
  if ("kind" in outcome) throw new MachineError(outcome.kind, outcome.message);
  return outcome.value;
}
