import { EngineError, messageOf } from "../../base/errors.ts";
import { containerLogs, inspectContainer } from "../../client/containers.ts";
import { exactly } from "../arity.ts";
import { command } from "../command.ts";
import { containerNames } from "../completion/completers.ts";
import type { CommandContext } from "../context.ts";
import { bool, string } from "../flags/scalar-types.ts";
import { copyFrames, copyPlain } from "../io/copy-body.ts";
import { apiTime, TIME_HELP } from "../time-option.ts";

/** A time for the API; what is wrong with it is told under the flag's name. */
function namedTime(context: CommandContext, name: string, value: string): string {
  try {
    return apiTime(context, value);
  } catch (cause) {
    throw new EngineError("invalid", `invalid value for "${name}": ${messageOf(cause)}`, { cause });
  }
}

const flags = () => ({
  follow: { type: bool(), short: "f", usage: "Go on with what comes" },
  since: { type: string(), usage: `Leave out what is older than ${TIME_HELP}` },
  tail: { type: string("all"), short: "n", usage: "How many lines to show from the end" },
  timestamps: { type: bool(), short: "t", usage: "Show when each line was written" },
  until: { type: string(), usage: `Leave out what is younger than ${TIME_HELP}` },
});

export const logsCommand = command<ReturnType<typeof flags>>({
  summary: "Show what a container has printed",
  spellings: "docker container logs, docker logs",
  arity: exactly(1),
  flags,
  complete: containerNames(true),
  async run(context, { values, positionals: [name = ""] }) {
    const container = await inspectContainer(context.client, name);
    const { follow, timestamps, tail } = values;
    const response = await containerLogs(context.client, container.Id, {
      follow,
      timestamps,
      tail,
      since: namedTime(context, "since", values.since),
      until: namedTime(context, "until", values.until),
    });
    context.insistOnOutput();
    if (container.Config.Tty) await copyPlain(response.body, context);
    else await copyFrames(response.body, context);
  },
});
