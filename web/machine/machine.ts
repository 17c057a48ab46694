import type { GuestStreamHandler } from "../protocol/link.ts";
import type { OpenRequest } from "../protocol/open-request.ts";
import type { GuestStream } from "../protocol/stream.ts";
import type { MachineErrorKind } from "./machine-error.ts";
import type { MachineState } from "./machine-state.ts";
import type { SnapshotHeader } from "./snapshot.ts";

/** A file that a machine needs: its bytes, or where to get them. */
export type Asset =
  | { readonly bytes: ArrayBuffer }
  /** `size` in bytes, for progress where the server tells none. */
  | { readonly url: string; readonly size: number };

/** The emulator's code: compiled already, by whoever could do that while it came in, or still to be compiled. */
export type EmulatorCode = Asset | { readonly module: WebAssembly.Module };

/** What the guest is called, among others that the same page runs. */
export interface MachineIdentity {
  readonly hostname: string;
  /** 1 for the first node. */
  readonly node: number;
}

/** Starting the kernel from scratch. */
export interface BootOptions {
  readonly identity: MachineIdentity;
  readonly wasm: EmulatorCode;
  readonly bios: Asset;
  readonly vgaBios: Asset;
  readonly kernel: Asset;
  readonly initrd: Asset;
  /** Added to the kernel's command line. */
  readonly commandLine?: string;
  /** MiB. */
  readonly memory: number;
}

/** Going on from a saved state, which says itself how much memory it needs. */
export interface RestoreOptions {
  readonly identity: MachineIdentity;
  readonly wasm: EmulatorCode;
  readonly snapshot: Asset;
}

/** What a machine is doing while it starts. `loaded` and `total` count bytes. */
export type MachineProgress =
  | { readonly step: "download"; readonly what: string; readonly loaded: number; readonly total: number }
  | { readonly step: "compile" | "boot" | "restore" | "handshake" };

/** Why a machine failed. */
export interface MachineFailure {
  readonly kind: MachineErrorKind;
  readonly message: string;
}

/** Who is told what happens to a machine. */
export interface MachineObserver {
  /** `failure` comes with the state `failed`. */
  state?(state: MachineState, failure?: MachineFailure): void;
  progress?(progress: MachineProgress): void;
}

/** How a state is kept: gzip takes seconds, and a fifth of the bytes. */
export interface SaveOptions {
  readonly compression: "none" | "gzip";
  /** Recorded in the file's header: which snapshot this state grew from. */
  readonly base?: string;
}

/** A saved machine: a file as `snapshot.ts` describes it. */
export interface SavedMachine {
  readonly header: SnapshotHeader;
  readonly file: Uint8Array<ArrayBuffer>;
}

/**
 * One emulated computer with our guest in it. All methods reject with a `MachineError`; streams fail with a
 * `LinkError`.
 */
export interface Machine {
  readonly state: MachineState;
  observe(observer: MachineObserver): void;
  /** Resolves when the machine runs. */
  boot(options: BootOptions): Promise<void>;
  /** Resolves when the machine runs. Bytes among the options belong to the machine from then on. */
  restore(options: RestoreOptions): Promise<void>;
  /** Opens a stream to the guest. On a machine that is coming up it waits: from `booting` or `restoring` on. */
  open(request: OpenRequest): GuestStream;
  /** Sets who serves the streams that the guest opens. */
  onGuestStream(handler: GuestStreamHandler): void;
  /** Halts the guest's time. */
  stop(): Promise<void>;
  /** Lets the guest go on. */
  resume(): Promise<void>;
  /** Keeps the whole machine; it goes on running. */
  save(options: SaveOptions): Promise<SavedMachine>;
  /** Ends the machine and gives its memory back; it can be started again. */
  destroy(): Promise<void>;
}
