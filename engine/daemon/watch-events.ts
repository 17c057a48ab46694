import type { EventMessage } from "../api/system.ts";
import { EngineError } from "../base/errors.ts";
import { type Filters, hasLabel } from "../base/filters.ts";
import type { Daemon } from "./daemon.ts";

const KEYS = [
  "config",
  "container",
  "daemon",
  "event",
  "image",
  "label",
  "network",
  "node",
  "plugin",
  "scope",
  "secret",
  "service",
  "type",
  "volume",
];

/** The filters that name objects: they match events of their type by id or name. */
const OBJECTS = ["container", "daemon", "image", "network", "volume"];

function matchesObject(event: EventMessage, type: string, wanted: string): boolean {
  const { ID, Attributes } = event.Actor;
  if (type === "image") {
    if (event.Type !== "image" && event.Type !== "container") return false;
    const name = (event.Type === "image" ? Attributes.name : Attributes.image) ?? "";
    return ID === wanted || name === wanted || name.split(":")[0] === wanted;
  }
  return event.Type === type && (ID === wanted || ID.startsWith(wanted) || Attributes.name === wanted);
}

function matches(event: EventMessage, filters: Filters): boolean {
  const action = event.Action.split(":")[0] ?? "";
  return (
    filters.some("type", wanted => wanted === event.Type) &&
    filters.some("event", wanted => wanted === event.Action || wanted === action) &&
    filters.some("scope", wanted => wanted === event.scope) &&
    filters.every("label", wanted => hasLabel(event.Actor.Attributes, wanted)) &&
    OBJECTS.every(type => filters.some(type, wanted => matchesObject(event, type, wanted)))
  );
}

/** "1700000000.5" in nanoseconds; null where nothing was given. Throws "invalid" on anything else. */
function parseTime(text: string): number | null {
  if (text === "") return null;
  const match = /^(\d+)(?:\.(\d{1,9}))?$/.exec(text);
  if (!match) throw new EngineError("invalid", `failed to parse value as time or duration: "${text}"`);
  return Number(match[1]) * 1e9 + Number((match[2] ?? "").padEnd(9, "0"));
}

/**
 * Delivers events as `docker events` asks: past ones only where `since` or `until` is given; the future until
 * `until`. `ended` is called when no more can come.
 */
export function watchEvents(
  daemon: Daemon,
  selection: { since: string; until: string; filters: Filters },
  deliver: (event: EventMessage) => void,
  ended: () => void,
): { close(): void } {
  const { filters } = selection;
  filters.checkKeys(KEYS);
  const since = parseTime(selection.since);
  const until = parseTime(selection.until);
  if (since !== null && until !== null && since > until)
    throw new EngineError("invalid", "`since` time cannot be after `until` time");
  const inWindow = (event: EventMessage): boolean =>
    (since === null || event.timeNano >= since) && (until === null || event.timeNano <= until);
  if (since !== null || until !== null)
    for (const event of daemon.events.past()) if (inWindow(event) && matches(event, filters)) deliver(event);
  const wait = until === null ? Number.POSITIVE_INFINITY : until / 1e6 - daemon.sys.clock.now();
  if (wait <= 0) {
    ended();
    return { close: () => {} };
  }
  const unsubscribe = daemon.events.subscribe(event => {
    if (matches(event, filters)) deliver(event);
  });
  const timer = Number.isFinite(wait)
    ? daemon.sys.clock.after(wait, () => {
        unsubscribe();
        ended();
      })
    : null;
  return {
    close: () => {
      unsubscribe();
      timer?.dispose();
    },
  };
}
