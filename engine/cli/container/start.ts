import { EngineError, messageOf } from "../../base/errors.ts";
import {
  attachContainer,
  inspectContainer,
  resizeContainer,
  startContainer,
} from "../../client/containers.ts";
import { atLeast } from "../arity.ts";
import { type Call, command } from "../command.ts";
import { containerNames } from "../completion/completers.ts";
import type { CommandContext } from "../context.ts";
import { bool, string } from "../flags/scalar-types.ts";
import { DETACH_KEYS_HELP } from "../format/help-texts.ts";
import { AttachedStreams } from "../interactive/attached-streams.ts";
import { awaitExit } from "../interactive/exit-status.ts";
import { proxySignals } from "../interactive/signal-proxy.ts";
import { followTerminalSize } from "../interactive/terminal-size.ts";
import { StatusError } from "../status-error.ts";

const flags = () => ({
  attach: { type: bool(), short: "a", usage: "Show what it prints, and pass signals on to it" },
  "detach-keys": { type: string(), usage: DETACH_KEYS_HELP },
  interactive: { type: bool(), short: "i", usage: "Give it our STDIN" },
});

async function startAll({ client, stdout, stderr }: CommandContext, names: readonly string[]): Promise<void> {
  const failed: string[] = [];
  for (const name of names) {
    try {
      await startContainer(client, name);
      void stdout.line(name);
    } catch (error) {
      void stderr.line(messageOf(error));
      failed.push(name);
    }
  }
  if (failed.length > 0) {
    throw new EngineError("invalid", `Error: failed to start containers: ${failed.join(", ")}`);
  }
}

async function startAttached(
  context: CommandContext,
  name: string,
  { values }: Call<ReturnType<typeof flags>>,
): Promise<void> {
  const { client } = context;
  const { Id: id, Config: config, HostConfig: hostConfig } = await inspectContainer(client, name);
  const tty = config.Tty ?? false;
  const isRemoved = hostConfig.AutoRemove ?? false;
  if (!tty) proxySignals(context, id);
  const streams = {
    stdin: values.interactive && (config.OpenStdin ?? false),
    stdout: true,
    stderr: true,
    detachKeys: values["detach-keys"] || context.config.detachKeys,
  };
  const attached = await attachContainer(client, id, streams);
  const joined = await AttachedStreams.join(context, attached, { ...streams, tty });
  const { status } = await awaitExit(context, id, isRemoved);
  try {
    await startContainer(client, id);
  } catch (error) {
    joined.stop();
    if (isRemoved) await status;
    throw error;
  }
  if (tty && context.stdout.isTerminal)
    followTerminalSize(context, size => resizeContainer(client, id, size), null);
  if ((await joined.ended) === "detached") return;
  const exit = await status;
  if (exit !== 0) throw new StatusError(exit);
}

export const startCommand = command<ReturnType<typeof flags>>({
  summary: "Start stopped containers",
  spellings: "docker container start, docker start",
  arity: atLeast(1),
  flags,
  complete: containerNames(true, ({ State: state }) => state === "exited" || state === "created"),
  run(context, call) {
    const { values, positionals } = call;
    if (!values.attach && !values.interactive) return startAll(context, positionals);
    if (positionals.length > 1) {
      throw new EngineError("invalid", "you cannot start and attach multiple containers at once");
    }
    return startAttached(context, positionals[0] ?? "", call);
  },
});
