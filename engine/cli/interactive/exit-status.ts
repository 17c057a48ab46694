import { messageOf } from "../../base/errors.ts";
import { waitContainer } from "../../client/containers.ts";
import type { CommandContext } from "../context.ts";

/** What a container's end counts as where nothing can be learnt of it. */
const UNKNOWN_STATUS = 125;

/**
 * Asks for the status of a container that is about to be started: at its exit, or at its removal where that follows.
 * Resolves once the daemon waits.
 */
export async function awaitExit(
  context: CommandContext,
  container: string,
  isRemoved: boolean,
): Promise<{ status: Promise<number> }> {
  const complain = (what: string): number => {
    const time = context.sys.clock.timestamp().replace(/\.\d+/, "");
    if (!context.scope.ended)
      void context.stderr.line(`time="${time}" level=error msg=${JSON.stringify(what)}`);
    return UNKNOWN_STATUS;
  };
  const { result } = await waitContainer(context.client, container, isRemoved ? "removed" : "next-exit");
  const status = result.then(
    ({ StatusCode: code, Error: error }) =>
      error ? complain(`Error waiting for container: ${error.Message}`) : code,
    (error: unknown) => complain(`error waiting for container: ${messageOf(error)}`),
  );
  return { status };
}
