import type { SnapshotHeader } from "../snapshot.ts";
import type { StoreErrorKind } from "./machine-store.ts";

/** An error as it crosses the worker's boundary, where its class is lost. */
export interface StoreFailure {
  readonly kind: StoreErrorKind;
  readonly message: string;
}

/**
 * The worker that writes, as Comlink exposes it. `folder` is one of the origin private file system's, `name` a file in
 * it, which is made anew. Resolves to what went wrong; undefined where nothing did.
 */
export interface WriterApi {
  /** Packs an unpacked snapshot's `file` with gzip on its way to the disk. */
  pack(
    folder: string,
    name: string,
    header: SnapshotHeader,
    file: Uint8Array<ArrayBuffer>,
  ): Promise<StoreFailure | undefined>;
  /** Writes a packed snapshot as it is. */
  copy(folder: string, name: string, file: Blob): Promise<StoreFailure | undefined>;
}
