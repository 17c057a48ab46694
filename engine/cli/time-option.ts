import { encodeTimeOption } from "../base/time-option.ts";
import { fromMilliseconds } from "../base/timestamp.ts";
import type { CommandContext } from "./context.ts";
import { sessionZone } from "./zones.ts";

/** What `--since` and `--until` help says of their values. */
export const TIME_HELP = 'a time ("2013-01-02T13:23:37Z"), or how long ago ("42m")';

/** The value of `--since` or `--until` as the API takes it; empty stays empty. */
export function apiTime({ session, sys }: CommandContext, value: string): string {
  if (value === "") return "";
  const now = fromMilliseconds(sys.clock.now());
  return encodeTimeOption(value, now, sessionZone(session, sys)(now.seconds));
}
