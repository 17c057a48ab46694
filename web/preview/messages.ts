/**
 * What the playground and the preview's origin say to each other. The preview's side runs beside pages of the guest,
 * which may take it over: the playground checks all that comes from there.
 */

/** Says whose message it is, among all that a window gets. */
export const SIGNATURE = "drydock-preview";

/** Bridge to playground, window to window: this frame was loaded by the address with this nonce. */
export interface Hello {
  readonly signature: typeof SIGNATURE;
  readonly nonce: string;
}

/** The playground's answer; a port for {@link FromBridge} and {@link ToBridge} comes with it. */
export interface Welcome extends Hello {
  /** What to show first: path, query and fragment. */
  readonly path: string;
  /** Whose preview this is. What an origin keeps of another one's is cleared away. */
  readonly owner: string;
}

/** Bridge to playground. */
export type FromBridge =
  /** Asks for a channel for the service worker; a {@link ToBridge} of the same type brings it. */
  | { readonly type: "channel" }
  /** The service worker is there: pages can be shown. */
  | { readonly type: "ready" }
  /** The preview shows this path now. */
  | { readonly type: "at"; readonly path: string }
  /** There can be no preview here. */
  | { readonly type: "failed"; readonly reason: string };

/** Playground to bridge. */
export type ToBridge =
  /** A port that takes {@link PreviewRequest}s comes with it. */
  { readonly type: "channel" } | { readonly type: "go"; readonly path: string } | { readonly type: "reload" };

/** Service worker to bridge: a channel is needed; and the bridge's answer, with a port. */
export interface ChannelMessage {
  readonly signature: typeof SIGNATURE;
  readonly type: "channel";
}

/** Service worker to playground, with a port for {@link Answer} and {@link Reaction}. */
export interface PreviewRequest {
  readonly method: string;
  /** Path and query, escaped. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Blob | null;
  /** Whether a person sees the answer as a page: failures are explained then. */
  readonly document: boolean;
  /** Whether cookies belong to it. */
  readonly cookies: boolean;
}

/** Playground to service worker, for one request: a head, data, and how it ended. */
export type Answer =
  | {
      readonly type: "head";
      readonly status: number;
      readonly reason: string;
      readonly headers: readonly (readonly [name: string, value: string])[];
    }
  | { readonly type: "data"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: "end" }
  /** Nothing more will come, though there should have been more. */
  | { readonly type: "failed" };

/** And back. */
export type Reaction =
  /** So many bytes more may come. */
  | { readonly type: "more"; readonly bytes: number }
  /** Nobody waits for the answer any more. */
  | { readonly type: "cancel" };
