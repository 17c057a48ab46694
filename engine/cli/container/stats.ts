import type { EventMessage } from "../../api/system.ts";
import { EngineError, messageOf } from "../../base/errors.ts";
import { shortId } from "../../base/identifier.ts";
import { listContainers } from "../../client/containers.ts";
import { jsonLines } from "../../client/json-lines.ts";
import { watchEvents } from "../../client/system.ts";
import { atLeast } from "../arity.ts";
import { command } from "../command.ts";
import { containerNames } from "../completion/completers.ts";
import type { CommandContext } from "../context.ts";
import { bool, string } from "../flags/scalar-types.ts";
import { FORMAT_HELP, NO_TRUNC_HELP } from "../format/help-texts.ts";
import { renderRows } from "../format/rows.ts";
import { sleep } from "../sleep.ts";
import { StatsFollowers } from "./stats-followers.ts";
import { statsHeaders } from "./stats-row.ts";

const REFRESH_MS = 500;
const TABLE =
  "table {{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDs}}";
const HOME = "\x1b[H";
const ERASE_LINE_END = "\x1b[K";
const ERASE_BELOW = "\x1b[J";

/** Follows the containers that there are, and those that come. `ended` resolves when the daemon has gone. */
async function followAll(
  context: CommandContext,
  followers: StatsFollowers,
  { all, stream }: { all: boolean; stream: boolean },
): Promise<{ ended: Promise<void> }> {
  // Asked for before the list, so that no container is missed between the two.
  const events = stream
    ? await watchEvents(context.client, { since: "", until: "", filters: new Map([["type", ["container"]]]) })
    : null;
  for (const { Id: id } of await listContainers(context.client, { all })) followers.add(shortId(id));
  const watch = async (): Promise<void> => {
    if (!events) return;
    for await (const { Action: action, Actor: actor } of jsonLines<EventMessage>(
      events.body,
      context.sys.bytes,
    )) {
      if (action === "start" || (all && action === "create")) followers.add(shortId(actor.ID));
      if (action === "die" && !all) followers.remove(shortId(actor.ID));
    }
  };
  return { ended: watch().catch(() => {}) }; // the daemon has gone
}

/** A picture for the terminal that takes the place of the one before. */
function screen(text: string): string {
  return `${HOME}${text.split("\n").join(`${ERASE_LINE_END}\n`)}${ERASE_BELOW}`;
}

/** Shows a new picture twice a second. */
async function refresh(context: CommandContext, render: () => string, end: Promise<void>): Promise<void> {
  for (;;) {
    await context.stdout.write(screen(render()));
    const pause = sleep(context, REFRESH_MS).then(() => false);
    if (await Promise.race([pause, end.then(() => true), context.interruption])) return;
  }
}

const flags = () => ({
  all: { type: bool(), short: "a", usage: "Show all containers (default shows just running)" },
  format: { type: string(), usage: FORMAT_HELP },
  "no-stream": { type: bool(), usage: "Show it once, and end" },
  "no-trunc": { type: bool(), usage: NO_TRUNC_HELP },
});

export const statsCommand = command<ReturnType<typeof flags>>({
  summary: "Show what containers use, while they do",
  spellings: "docker container stats, docker stats",
  arity: atLeast(0),
  flags,
  complete: containerNames(false),
  async run(context, { values, positionals }) {
    const stream = !values["no-stream"];
    const followers = new StatsFollowers(context, stream);
    let end = new Promise<void>(() => {});
    if (positionals.length === 0) {
      ({ ended: end } = await followAll(context, followers, { all: values.all, stream }));
    }
    for (const name of positionals) followers.add(name);
    await Promise.race([followers.ready(), context.interruption]);
    const errors = positionals.length === 0 ? [] : followers.errors();
    if (errors.length > 0) throw new EngineError("invalid", errors.map(messageOf).join("\n"));
    const asked = values.format || context.config.statsFormat || "table";
    const format = asked === "table" ? TABLE : asked;
    const render = (): string =>
      renderRows(format, followers.rows(!values["no-trunc"]), statsHeaders, context.templates);
    if (stream) await refresh(context, render, end);
    else await context.stdout.write(render());
  },
});
