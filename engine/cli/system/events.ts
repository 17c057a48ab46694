import type { EventMessage } from "../../api/system.ts";
import { messageOf } from "../../base/errors.ts";
import type { Template } from "../../base/template/template.ts";
import { formatTimestampFixed } from "../../base/timestamp.ts";
import { bodyLines } from "../../client/json-lines.ts";
import { watchEvents } from "../../client/system.ts";
import { noArguments } from "../arity.ts";
import { command } from "../command.ts";
import { noCandidates } from "../completion/completers.ts";
import { filters } from "../flags/collection-types.ts";
import { string } from "../flags/scalar-types.ts";
import { FILTER_HELP, INSPECT_FORMAT_HELP } from "../format/help-texts.ts";
import { parseFormat } from "../format/print-template.ts";
import { StatusError } from "../status-error.ts";
import { apiTime, TIME_HELP } from "../time-option.ts";
import { sessionZone, type ZoneAt } from "../zones.ts";
import { systemTypes } from "./system-types.ts";

/** Digits of the nanoseconds within a second. */
const FRACTION_DIGITS = 9;
const BAD_FORMAT_STATUS = 64;
const BAD_FORMAT = "Error parsing format";

/** Parses the format, and tries it on an empty event before anything is waited for. */
function eventTemplate(format: string): Template | null {
  if (format === "") return null;
  const template = parseFormat(format, BAD_FORMAT);
  try {
    template.execute(systemTypes.value("*events.Message", {}));
  } catch (cause) {
    throw new StatusError(BAD_FORMAT_STATUS, `${BAD_FORMAT}: ${messageOf(cause)}`, { cause });
  }
  return template;
}

/** An event whose time is kept as digits, because a number of nanoseconds since 1970 would lose its last ones. */
interface Event extends Omit<EventMessage, "timeNano"> {
  readonly timeNano?: string;
}

function parseEvent(line: string): Event {
  const event: Event = JSON.parse(line.replace(/"timeNano":(\d+)/, '"timeNano":"$1"'));
  return event;
}

function whenText({ timeNano = "", time }: Event, zoneAt: ZoneAt): string {
  const seconds = timeNano === "" ? time : Number(timeNano.slice(0, -FRACTION_DIGITS));
  if (!seconds) return "";
  const nanoseconds = Number(timeNano.slice(-FRACTION_DIGITS));
  return `${formatTimestampFixed({ seconds, nanoseconds }, zoneAt(seconds))} `;
}

/** "2024-05-01T10:00:00.000000001Z container start ID (image=busybox, name=x)" */
function plainEvent(event: Event, zoneAt: ZoneAt): string {
  const { Type: type, Action: action, Actor: actor } = event;
  const pairs = Object.entries(actor.Attributes ?? {}).toSorted(([left], [right]) => (left < right ? -1 : 1));
  const attributes = pairs.map(([name, value]) => `${name}=${value}`).join(", ");
  return `${whenText(event, zoneAt)}${type} ${action} ${actor.ID}${pairs.length > 0 ? ` (${attributes})` : ""}`;
}

function filled(template: Template, event: Event): string {
  const timeNano = BigInt(event.timeNano ?? 0);
  return template.execute(systemTypes.value("events.Message", { ...event, timeNano }));
}

const flags = () => ({
  filter: { type: filters(), short: "f", usage: FILTER_HELP },
  format: { type: string(), usage: INSPECT_FORMAT_HELP },
  since: { type: string(), usage: `Begin with what has happened since ${TIME_HELP}` },
  until: { type: string(), usage: `End at ${TIME_HELP}` },
});

export const eventsCommand = command<ReturnType<typeof flags>>({
  summary: "Show what happens in the daemon, as it happens",
  spellings: "docker system events, docker events",
  arity: noArguments,
  flags,
  complete: noCandidates,
  async run(context, { values }) {
    const template = eventTemplate(values.format);
    const zoneAt = sessionZone(context.session, context.sys);
    const response = await watchEvents(context.client, {
      since: apiTime(context, values.since),
      until: apiTime(context, values.until),
      filters: values.filter,
    });
    for await (const line of bodyLines(response.body, context.sys.bytes)) {
      const event = parseEvent(line);
      await context.stdout.line(template ? filled(template, event) : plainEvent(event, zoneAt));
    }
  },
});
