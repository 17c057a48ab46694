import { transfer } from "comlink";
import type { OpenRequest } from "../../protocol/open-request.ts";
import { MachineError } from "../machine-error.ts";
import type { BootOptions, Machine, RestoreOptions, SaveOptions, SavedMachine } from "../machine.ts";
import { serveStream } from "../stream-port.ts";
import type { Outcome, WorkerApi, WorkerEvent } from "../worker-api.ts";

/** A machine for a page on the other side of a worker's boundary. */
export class MachineService implements WorkerApi {
  readonly #host: Machine;

  constructor(host: Machine) {
    this.#host = host;
  }

  connect(port: MessagePort): void {
    const say = (event: WorkerEvent, ports: Transferable[] = []): void => port.postMessage(event, ports);
    this.#host.observe({
      state: (state, failure) => say({ type: "state", state, ...(failure === undefined ? {} : { failure }) }),
      progress: progress => say({ type: "progress", progress }),
    });
    this.#host.onGuestStream((open, stream) => {
      const { port1, port2 } = new MessageChannel();
      serveStream(stream, port1);
      say({ type: "guest-stream", open, port: port2 }, [port2]);
    });
  }

  ping(): void {}

  boot(options: BootOptions): Promise<Outcome<void>> {
    return outcome(this.#host.boot(options));
  }

  restore(options: RestoreOptions): Promise<Outcome<void>> {
    return outcome(this.#host.restore(options));
  }

  open(request: OpenRequest, port: MessagePort): void {
    serveStream(this.#host.open(request), port);
  }

  stop(): Promise<Outcome<void>> {
    return outcome(this.#host.stop());
  }

  resume(): Promise<Outcome<void>> {
    return outcome(this.#host.resume());
  }

  async save(options: SaveOptions): Promise<Outcome<SavedMachine>> {
    const result = await outcome(this.#host.save(options));
    return "value" in result ? transfer(result, [result.value.file.buffer]) : result;
  }

  destroy(): Promise<Outcome<void>> {
    return outcome(this.#host.destroy());
  }
}

async function outcome<T>(promise: Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await promise };
  } catch (error) {
    const { kind, message } = MachineError.from(error, "guest");
    return { kind, message };
  }
}
