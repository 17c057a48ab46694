import type { ContainerCreateRequest } from "../../api/container.ts";
import { EngineError, messageOf } from "../../base/errors.ts";
import { attachContainer, resizeContainer, startContainer } from "../../client/containers.ts";
import { atLeast } from "../arity.ts";
import { type Call, command } from "../command.ts";
import { imageNames, noCandidates, oneOf } from "../completion/completers.ts";
import type { CommandContext } from "../context.ts";
import { bool, string } from "../flags/scalar-types.ts";
import { DETACH_KEYS_HELP } from "../format/help-texts.ts";
import { AttachedStreams } from "../interactive/attached-streams.ts";
import { awaitExit } from "../interactive/exit-status.ts";
import { proxySignals } from "../interactive/signal-proxy.ts";
import { followTerminalSize } from "../interactive/terminal-size.ts";
import { StatusError } from "../status-error.ts";
import { containerFlagCompleters, creationFlags } from "./container-flags.ts";
import { containerRequest } from "./container-request.ts";
import { checkingFlags, withHelpHint } from "./create.ts";
import { checkPullOption, createContainer } from "./create-container.ts";
import { checkTerminal } from "./check-terminal.ts";

const NOT_FOUND = /executable file not found|no such file or directory|system cannot find the file specified/;
const NOT_EXECUTABLE = /permission denied|is a directory/;

const flags = () => ({
  ...creationFlags("running"),
  detach: { type: bool(), short: "d", usage: "Leave it in the background, and print its id" },
  "detach-keys": { type: string(), usage: DETACH_KEYS_HELP },
  "sig-proxy": { type: bool(true), usage: "Pass signals on to the container" },
});

type RunCall = Call<ReturnType<typeof flags>>;

/** The status that a shell would give for the same failure: 127 not found, 126 not executable, 125 anything else. */
function startFailure(error: unknown): StatusError {
  const message = messageOf(error);
  const status = NOT_FOUND.test(message) ? 127 : NOT_EXECUTABLE.test(message) ? 126 : 125;
  return withHelpHint(error, "run", status);
}

/** The request with nobody attached. */
function detached(request: ContainerCreateRequest, { values }: RunCall): ContainerCreateRequest {
  if (values.attach.length > 0) {
    throw new EngineError("invalid", "conflicting options: cannot specify both --attach and --detach");
  }
  return { ...request, AttachStdin: false, AttachStdout: false, AttachStderr: false, StdinOnce: false };
}

async function runDetached(context: CommandContext, id: string): Promise<void> {
  void context.stdout.line(id); // known before it is started, also where that fails
  try {
    await startContainer(context.client, id);
  } catch (error) {
    throw startFailure(error);
  }
}

async function runAttached(
  context: CommandContext,
  id: string,
  request: ContainerCreateRequest,
  { values }: RunCall,
): Promise<void> {
  const { client } = context;
  const streams = {
    stdin: request.AttachStdin ?? false,
    stdout: request.AttachStdout ?? false,
    stderr: request.AttachStderr ?? false,
    detachKeys: values["detach-keys"] || context.config.detachKeys,
  };
  const attached = await attachContainer(client, id, streams);
  const joined = await AttachedStreams.join(context, attached, { ...streams, tty: values.tty });
  const { status } = await awaitExit(context, id, values.rm);
  try {
    await startContainer(client, id);
  } catch (error) {
    joined.stop();
    if (values.rm) await status;
    throw startFailure(error);
  }
  if (values.tty && context.stdout.isTerminal) {
    const [rows = 0, columns = 0] = request.HostConfig?.ConsoleSize ?? [];
    followTerminalSize(context, size => resizeContainer(client, id, size), { rows, columns });
  }
  const exit = await exitStatus(joined, status, streams.stdout || streams.stderr);
  if (exit !== 0) throw new StatusError(exit);
}

/** The container's status once all it has printed is out; 0 where we have detached from it. */
async function exitStatus(
  streams: AttachedStreams,
  status: Promise<number>,
  hasOutput: boolean,
): Promise<number> {
  const first = await Promise.race([streams.ended, status]);
  if (first === "detached") return 0;
  if (first !== "ended") {
    if (!hasOutput) streams.stop();
    await streams.ended.catch(() => {}); // the container's end is what counts
  }
  return status;
}

export const runCommand = command<ReturnType<typeof flags>>({
  summary: "Make a container from an image and start it",
  spellings: "docker container run, docker run",
  arity: atLeast(1),
  flags,
  stopsAtArgument: true,
  complete: imageNames(1),
  completeFlags: { ...containerFlagCompleters, "detach-keys": oneOf("ctrl-") },
  completeOtherFlags: noCandidates,
  async run(context, call) {
    const { values } = call;
    let request = checkingFlags("run", () => {
      checkPullOption(values.pull);
      return containerRequest(context, call);
    });
    if (values.detach) request = detached(request, call);
    else checkTerminal(context, request.AttachStdin ?? false, values.tty);
    let id: string;
    try {
      id = await createContainer(context, request, values);
    } catch (error) {
      throw startFailure(error);
    }
    if (values["sig-proxy"]) proxySignals(context, id);
    const isAttached = request.AttachStdin || request.AttachStdout || request.AttachStderr;
    await (isAttached ? runAttached(context, id, request, call) : runDetached(context, id));
  },
});
