import { EngineError } from "../../base/errors.ts";
import { restartContainer, type StopOptions, stopContainer } from "../../client/containers.ts";
import { atLeast } from "../arity.ts";
import { type Call, command } from "../command.ts";
import { containerNames } from "../completion/completers.ts";
import { forEachInOrder, forEachInParallel } from "../each.ts";
import { int, string } from "../flags/scalar-types.ts";
import { signalNames } from "../completion/signal-names.ts";

const TIMEOUT_HELP = "Seconds to wait before the container is killed";

const flags = () => ({
  signal: { type: string(), short: "s", usage: "Signal to send first" },
  timeout: { type: int(), short: "t", usage: TIMEOUT_HELP },
  time: { type: int(), usage: TIMEOUT_HELP, deprecated: "use --timeout instead" },
});

function stopOptions({ values, given }: Call<ReturnType<typeof flags>>): StopOptions {
  if (given.has("time") && given.has("timeout")) {
    throw new EngineError("invalid", "conflicting options: cannot specify both --timeout and --time");
  }
  const timeout = given.has("time") ? values.time : given.has("timeout") ? values.timeout : undefined;
  return { signal: values.signal, timeout };
}

export const stopCommand = command<ReturnType<typeof flags>>({
  summary: "Stop running containers",
  spellings: "docker container stop, docker stop",
  arity: atLeast(1),
  flags,
  complete: containerNames(false),
  completeFlags: { signal: signalNames },
  run(context, call) {
    const options = stopOptions(call);
    return forEachInParallel(context, call.positionals, name => stopContainer(context.client, name, options));
  },
});

export const restartCommand = command<ReturnType<typeof flags>>({
  summary: "Stop containers and start them again",
  spellings: "docker container restart, docker restart",
  arity: atLeast(1),
  flags,
  complete: containerNames(true),
  completeFlags: { signal: signalNames },
  run(context, call) {
    const options = stopOptions(call);
    return forEachInOrder(context, call.positionals, name => restartContainer(context.client, name, options));
  },
});
