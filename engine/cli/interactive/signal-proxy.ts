import { signalName } from "../../base/signals.ts";
import { killContainer } from "../../client/containers.ts";
import type { CommandContext } from "../context.ts";

/** SIGPIPE, SIGCHLD and SIGURG are about the program itself. */
const OWN: ReadonlySet<number> = new Set([13, 17, 23]);

/** From now on signals go to a container's process instead of ending or stopping the command. */
export function proxySignals(context: CommandContext, container: string): void {
  context.handleSignals(signal => {
    if (OWN.has(signal)) return;
    const name = signalName(signal) ?? String(signal);
    killContainer(context.client, container, name).catch(() => {}); // it may have ended meanwhile
  });
  context.session.catchAllSignals();
}
