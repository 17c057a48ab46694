import type { GuestOpen, OpenRequest } from "../protocol/open-request.ts";
import type { MachineErrorKind } from "./machine-error.ts";
import type { MachineState } from "./machine-state.ts";
import type {
  BootOptions,
  MachineFailure,
  MachineProgress,
  RestoreOptions,
  SaveOptions,
  SavedMachine,
} from "./machine.ts";

/** A result that crosses the worker's boundary, where an error would lose its kind. */
export type Outcome<T> =
  | { readonly value: T }
  | { readonly kind: MachineErrorKind; readonly message: string };

/** What the worker tells the page, in the order of events. */
export type WorkerEvent =
  | { readonly type: "state"; readonly state: MachineState; readonly failure?: MachineFailure }
  | { readonly type: "progress"; readonly progress: MachineProgress }
  | { readonly type: "guest-stream"; readonly open: GuestOpen; readonly port: MessagePort };

/** The machine worker as Comlink exposes it. */
export interface WorkerApi {
  /** Sets where events go, for good: posted to `port` as {@link WorkerEvent}. */
  connect(port: MessagePort): void;
  /** Answers: the worker is alive. */
  ping(): void;
  boot(options: BootOptions): Promise<Outcome<void>>;
  restore(options: RestoreOptions): Promise<Outcome<void>>;
  /** Opens a stream whose other end is `port`, for a `PortStream`. */
  open(request: OpenRequest, port: MessagePort): void;
  stop(): Promise<Outcome<void>>;
  resume(): Promise<Outcome<void>>;
  save(options: SaveOptions): Promise<Outcome<SavedMachine>>;
  destroy(): Promise<Outcome<void>>;
}
