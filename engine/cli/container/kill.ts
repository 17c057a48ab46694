import { killContainer } from "../../client/containers.ts";
import { atLeast } from "../arity.ts";
import { command } from "../command.ts";
import { containerNames } from "../completion/completers.ts";
import { signalNames } from "../completion/signal-names.ts";
import { forEachInParallel } from "../each.ts";
import { string } from "../flags/scalar-types.ts";

const flags = () => ({ signal: { type: string(), short: "s", usage: "Signal to send (default KILL)" } });

export const killCommand = command<ReturnType<typeof flags>>({
  summary: "Kill running containers",
  spellings: "docker container kill, docker kill",
  arity: atLeast(1),
  flags,
  complete: containerNames(false),
  completeFlags: { signal: signalNames },
  run: (context, { values: { signal }, positionals }) =>
    forEachInParallel(context, positionals, name => killContainer(context.client, name, signal)),
});
