/** A file beside the page. */
export interface RemoteFile {
  readonly url: string;
  /** Bytes. */
  readonly size: number;
}

/** Which machine the page starts: written into the page when it is built, so that nothing has to be asked first. */
export interface MachineManifest {
  readonly snapshot: RemoteFile;
  readonly wasm: RemoteFile;
}
