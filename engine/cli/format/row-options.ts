import type { CommandContext } from "../context.ts";
import { sessionZone } from "../zones.ts";
import type { RowOptions } from "./values.ts";

/** What rows need to know, as of now. */
export function rowOptions(context: CommandContext, truncate: boolean): RowOptions {
  const { session, sys } = context;
  return { truncate, now: sys.clock.now(), zoneAt: sessionZone(session, sys) };
}
