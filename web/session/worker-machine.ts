import { MachineClient } from "../machine/machine-client.ts";
import { MachineError } from "../machine/machine-error.ts";
import type { MachineHandle } from "./machine-handle.ts";

/** A machine in `worker`, which runs web/machine/worker/worker.ts. */
export function machineInWorker(worker: Worker): MachineHandle {
  const client = new MachineClient(worker);
  let alive = false;
  void client.ping().then(() => {
    alive = true;
  });
  return {
    machine: client,
    ping: () => client.ping(),
    onBroken: listener => {
      worker.addEventListener("error", event => listener(workerError(event, alive)));
      worker.addEventListener("messageerror", () =>
        listener(new MachineError("guest", "a message of the machine could not be read")),
      );
    },
    terminate: () => worker.terminate(),
  };
}

function workerError(event: Event, alive: boolean): MachineError {
  // A script that cannot be fetched gives an event that says nothing.
  if (!(event instanceof ErrorEvent))
    return new MachineError("missing", "the machine's worker could not be loaded");
  return new MachineError(alive ? "guest" : "unsupported", event.message);
}
