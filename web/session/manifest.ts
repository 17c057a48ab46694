/** A file beside the page. */
export interface RemoteFile {
  readonly url: string;
  /** Bytes. */
  readonly size: number;
}

/** What a saved machine must have come from to go on here. */
export interface MachineBuild {
  readonly v86: string;
  /** MiB. */
  readonly memory: number;
  /** The SHA-256 of the snapshot that machines start from, in hexadecimal digits. */
  readonly base: string;
}

/** Which machine the page starts: written into the page when it is built, so that nothing has to be asked first. */
export interface MachineManifest {
  readonly build: MachineBuild;
  readonly snapshot: RemoteFile;
  readonly wasm: RemoteFile;
}
