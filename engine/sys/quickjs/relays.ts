import * as native from "native:relay";
import type { Relay, RelayEnd, Relays } from "../streams.ts";

function endOf(reason: string): RelayEnd {
  if (reason === "end" || reason === "detach") return reason;
  const [side, code = "", ...words] = reason.split(" ");
  return { side: side === "read" ? "read" : "write", code, reason: words.join(" ") };
}

/** {@link Relays} on native:relay. */
export class NativeRelays implements Relays {
  relay(from: number, to: number, options: Parameters<Relays["relay"]>[2] = {}): Relay {
    const { errors, detachKeys, early } = options;
    let id = 0;
    const ended = new Promise<RelayEnd>(resolve => {
      id = native.start(from, to, reason => resolve(endOf(reason)), errors, detachKeys, early);
    });
    return { ended, stop: () => native.stop(id), pause: paused => native.pause(id, paused) };
  }
}
