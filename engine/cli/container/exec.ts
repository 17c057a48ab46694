import { EngineError } from "../../base/errors.ts";
import {
  attachExec,
  createExec,
  inspectContainer,
  inspectExec,
  resizeExec,
  startExec,
} from "../../client/containers.ts";
import { ConnectionError } from "../../client/errors.ts";
import { atLeast } from "../arity.ts";
import { command } from "../command.ts";
import { containerNames, fileNames, variableNames } from "../completion/completers.ts";
import type { CommandContext } from "../context.ts";
import { bool, string } from "../flags/scalar-types.ts";
import { DETACH_KEYS_HELP } from "../format/help-texts.ts";
import { AttachedStreams, DETACHED_MESSAGE, type StreamOptions } from "../interactive/attached-streams.ts";
import { followTerminalSize } from "../interactive/terminal-size.ts";
import type { Size } from "../session.ts";
import { StatusError } from "../status-error.ts";
import { checkTerminal } from "./check-terminal.ts";
import { containerFlags } from "./container-flags.ts";
import { environmentEntries } from "./key-values.ts";

/** What it ends with where the daemon has gone before telling. */
const LOST_STATUS = 255;

const flags = () => {
  const { env, "env-file": envFile } = containerFlags();
  return {
    detach: { type: bool(), short: "d", usage: "Leave it in the background" },
    "detach-keys": { type: string(), usage: DETACH_KEYS_HELP },
    env,
    "env-file": envFile,
    interactive: { type: bool(), short: "i", usage: "Give it our STDIN" },
    privileged: { type: bool(), usage: "Let it do nearly all that the host can" },
    tty: { type: bool(), short: "t", usage: "Give it a terminal" },
    user: { type: string(), short: "u", usage: 'User to run as (format: "<name|uid>[:<group|gid>]")' },
    workdir: { type: string(), short: "w", usage: "Directory to start in" },
  };
};

async function runAttached(
  context: CommandContext,
  id: string,
  options: StreamOptions,
  size: Size | null,
): Promise<void> {
  const { client, session } = context;
  const body = { Detach: false, Tty: options.tty, ...consoleSize(size) };
  const attached = await attachExec(client, id, body);
  const joined = await AttachedStreams.join(context, attached, options);
  if (options.tty && session.stdin.isTerminal) {
    followTerminalSize(context, wanted => resizeExec(client, id, wanted), size);
  }
  if ((await joined.ended) === "detached") throw new EngineError("cancelled", DETACHED_MESSAGE);
  const status = await exitStatus(context, id);
  if (status !== 0) throw new StatusError(status);
}

async function exitStatus({ client }: CommandContext, id: string): Promise<number> {
  try {
    return (await inspectExec(client, id)).ExitCode ?? 0;
  } catch (error) {
    if (error instanceof ConnectionError) return LOST_STATUS;
    throw error;
  }
}

function consoleSize(size: Size | null): { ConsoleSize?: readonly [number, number] } {
  return size ? { ConsoleSize: [size.rows, size.columns] } : {};
}

export const execCommand = command<ReturnType<typeof flags>>({
  summary: "Run another command in a running container",
  spellings: "docker container exec, docker exec",
  arity: atLeast(2),
  flags,
  stopsAtArgument: true,
  complete: containerNames(false, ({ State: state }) => state !== "paused"),
  completeFlags: { env: variableNames, "env-file": fileNames },
  async run(context, { values, positionals: [name = "", ...words] }) {
    const { client } = context;
    const { detach, tty, interactive } = values;
    const env = environmentEntries(context, values["env-file"], values.env);
    await inspectContainer(client, name); // its errors come before those about our terminal
    if (!detach) checkTerminal(context, interactive, tty);
    const size = tty ? context.stdout.size() : null;
    const detachKeys = values["detach-keys"] || context.config.detachKeys;
    const streams = { stdin: interactive && !detach, stdout: !detach, stderr: !detach, detachKeys };
    const { Id: id } = await createExec(client, name, {
      User: values.user,
      Privileged: values.privileged,
      Tty: tty,
      ...consoleSize(size),
      AttachStdin: streams.stdin,
      AttachStdout: streams.stdout,
      AttachStderr: streams.stderr,
      DetachKeys: detachKeys,
      Env: env,
      WorkingDir: values.workdir,
      Cmd: words,
    });
    if (detach) await startExec(client, id, { Detach: true, Tty: tty });
    else await runAttached(context, id, { ...streams, tty }, size);
  },
});
