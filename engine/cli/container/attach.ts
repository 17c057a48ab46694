import type { ContainerInspect } from "../../api/container.ts";
import { EngineError } from "../../base/errors.ts";
import {
  attachContainer,
  inspectContainer,
  resizeContainer,
  waitContainer,
} from "../../client/containers.ts";
import { exactly } from "../arity.ts";
import { command } from "../command.ts";
import { containerNames } from "../completion/completers.ts";
import type { CommandContext } from "../context.ts";
import { bool, string } from "../flags/scalar-types.ts";
import { DETACH_KEYS_HELP } from "../format/help-texts.ts";
import { AttachedStreams, DETACHED_MESSAGE } from "../interactive/attached-streams.ts";
import { proxySignals } from "../interactive/signal-proxy.ts";
import { followTerminalSize } from "../interactive/terminal-size.ts";
import { StatusError } from "../status-error.ts";
import { checkTerminal } from "./check-terminal.ts";

const flags = () => ({
  "detach-keys": { type: string(), usage: DETACH_KEYS_HELP },
  "no-stdin": { type: bool(), usage: "Don't give it our STDIN" },
  "sig-proxy": { type: bool(true), usage: "Pass signals on to the container" },
});

/** Throws where a container can't be attached to. */
async function inspectRunning({ client }: CommandContext, name: string): Promise<ContainerInspect> {
  const container = await inspectContainer(client, name);
  const { Running: isRunning, Paused: isPaused, Restarting: isRestarting } = container.State;
  const fault = !isRunning
    ? "stopped container, start it first"
    : isPaused
      ? "paused container, unpause it first"
      : isRestarting
        ? "restarting container, wait until it is running"
        : undefined;
  if (fault !== undefined) throw new EngineError("conflict", `You cannot attach to a ${fault}`);
  return container;
}

/** Makes a program on the container's terminal draw its screen again, as it does for a changed size. */
async function redraw(context: CommandContext, id: string): Promise<void> {
  const size = context.stdout.size();
  if (!size) return;
  const resize = (wanted: typeof size): Promise<void> => resizeContainer(context.client, id, wanted);
  await resize({ rows: size.rows + 1, columns: size.columns + 1 }).catch(() => {});
  followTerminalSize(context, resize, null);
}

export const attachCommand = command<ReturnType<typeof flags>>({
  summary: "Join a running container's input and output",
  spellings: "docker container attach, docker attach",
  arity: exactly(1),
  flags,
  complete: containerNames(false, ({ State: state }) => state !== "paused"),
  async run(context, { values, positionals: [name = ""] }) {
    const { client } = context;
    const waiting = waitContainer(client, name);
    waiting.catch(() => {}); // what is wrong with the name is told by the next call
    const { Id: id, Config: config } = await inspectRunning(context, name);
    const tty = config.Tty ?? false;
    checkTerminal(context, !values["no-stdin"], tty);
    const streams = {
      stdin: !values["no-stdin"] && (config.OpenStdin ?? false),
      stdout: true,
      stderr: true,
      detachKeys: values["detach-keys"] || context.config.detachKeys,
    };
    if (values["sig-proxy"] && !tty) proxySignals(context, id);
    const attached = await attachContainer(client, id, streams);
    await inspectRunning(context, id); // it may have ended before we were attached
    if (tty) await redraw(context, id);
    const joined = await AttachedStreams.join(context, attached, { ...streams, tty });
    if ((await joined.ended) === "detached") throw new EngineError("cancelled", DETACHED_MESSAGE);
    const { StatusCode: status, Error: error } = await (await waiting).result;
    if (error) throw new EngineError("system", error.Message);
    if (status !== 0) throw new StatusError(status);
  },
});
