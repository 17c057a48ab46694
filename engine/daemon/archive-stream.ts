import type { Packer } from "../sys/bytes.ts";
import { breathe, type Clock } from "../sys/clock.ts";

/** A tar archive that is packed while it is read. */
export interface ArchiveStream {
  /** Fills at most the buffer, which holds 16 KiB or more; 0 at the end. */
  read(buffer: Uint8Array): Promise<number>;
  /** To be called when no more is wanted; safe to repeat. */
  close(): void;
}

/** Bytes after which a transfer lets others have their turn: a fast client would keep the daemon to itself. */
export const TURN = 1024 * 1024;

/** Reads a packer without holding up the daemon. */
export function archiveStream(packer: Packer, clock: Clock, close: () => void): ArchiveStream {
  let sinceTurn = 0;
  let open = true;
  return {
    async read(buffer) {
      if (sinceTurn >= TURN) {
        sinceTurn = 0;
        await breathe(clock);
      }
      const length = packer.read(buffer);
      sinceTurn += length;
      return length;
    },
    close() {
      if (!open) return;
      open = false;
      close();
    },
  };
}
