/** A request to a host of the sandbox internet. */
export interface SiteRequest {
  readonly method: string;
  /** Path without the query, still escaped. */
  readonly path: string;
  readonly query: string;
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/** What a host answers. */
export interface SiteResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: SiteBody;
}

/** Bytes, or pieces of a known length that come one after the other. */
export type SiteBody = Uint8Array | { readonly size: number; readonly pieces: AsyncIterable<Uint8Array> };

/** A host that exists in the sandbox internet. */
export type Site = (request: SiteRequest) => Promise<SiteResponse>;

/** Where the files of the sandbox internet come from: paths are relative to its root. */
export interface FileSource {
  /** undefined where there is no such file. */
  open(
    path: string,
  ): Promise<{ readonly size: number; readonly pieces: AsyncIterable<Uint8Array> } | undefined>;
}
