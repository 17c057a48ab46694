import type { ResponseHead } from "../../http/head.ts";

/** Who gets the answer to one request. */
export interface Receiver {
  /** Aborted when nobody waits for the answer any more. */
  readonly cancelled: AbortSignal;
  /** Whether the head is gone: what comes then can no longer be another page. */
  readonly begun: boolean;
  head(head: ResponseHead): void;
  /** Takes bytes, when there is room for more. */
  data(bytes: Uint8Array): Promise<void>;
  /** The answer is complete. */
  end(): void;
  /** The answer broke off, or there is none. */
  fail(): void;
}
