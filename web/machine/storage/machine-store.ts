import type { SavedMachine } from "../machine.ts";
import type { SnapshotHeader } from "../snapshot.ts";

/** A machine that is kept from visit to visit. */
export interface StoredMachine {
  readonly header: SnapshotHeader;
  /** Bytes on disk. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  /** The file, as `snapshot.ts` describes it. */
  readonly file: Blob;
}

/**
 * Keeps one machine. All methods reject with a {@link StoreError}, and each waits for those that were called before.
 */
export interface MachineStore {
  /** The machine that was kept last; undefined where there is none. */
  find(): Promise<StoredMachine | undefined>;
  /** Keeps a machine in place of the last one, which stays until this one is whole. */
  keep(machine: SavedMachine): Promise<StoredMachine>;
  /** Keeps a machine's file that came from elsewhere, unless `check` throws at its header. */
  adopt(file: Blob, check: (header: SnapshotHeader) => void): Promise<StoredMachine>;
  /** Forgets what was kept. */
  clear(): Promise<void>;
}

/** Why nothing can be kept. */
export type StoreErrorKind =
  | "off" // nothing shall be kept
  | "unsupported" // this browser keeps no files for this page: a private window, or a site without TLS
  | "elsewhere" // another tab of this site has the saved machine
  | "full" // the browser gives no more room
  | "damaged" // what is there is no saved machine
  | "failed"; // the disk, or something that nobody thought of

/** An error with a {@link StoreErrorKind}; `cause` holds what lies beneath it. */
export class StoreError extends Error {
  readonly kind: StoreErrorKind;

  constructor(kind: StoreErrorKind, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "StoreError";
    this.kind = kind;
  }

  /** Any thrown value as a store's error. */
  static from(error: unknown): StoreError {
    if (error instanceof StoreError) return error;
    const message = error instanceof Error ? error.message : String(error);
    return new StoreError(kindOf(error), message, { cause: error });
  }
}

/** By the names of https://webidl.spec.whatwg.org/#dfn-error-names-table. */
function kindOf(error: unknown): StoreErrorKind {
  const name = error instanceof Error ? error.name : "";
  if (name === "QuotaExceededError") return "full";
  return name === "SecurityError" || name === "NotAllowedError" ? "unsupported" : "failed";
}

/** A store that keeps nothing: its error is of kind "off" wherever something should be kept. */
export const NO_STORE: MachineStore = {
  find: () => Promise.resolve(undefined),
  keep: () => Promise.reject(new StoreError("off", "the page's address says keep=off")),
  adopt: () => Promise.reject(new StoreError("off", "the page's address says keep=off")),
  clear: () => Promise.resolve(),
};
