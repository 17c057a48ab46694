import { messageOf } from "../../base/errors.ts";
import { atLeast } from "../arity.ts";
import { command } from "../command.ts";
import { imageNames, noCandidates } from "../completion/completers.ts";
import { StatusError } from "../status-error.ts";
import { containerFlagCompleters, creationFlags } from "./container-flags.ts";
import { containerRequest } from "./container-request.ts";
import { checkPullOption, createContainer } from "./create-container.ts";

/** What `docker create` and `docker run` end with where they are at fault themselves. */
const OWN_FAULT_STATUS = 125;

/** A failure with the hint that Docker adds for these two commands. */
export function withHelpHint(error: unknown, verb: "create" | "run", status: number): StatusError {
  const hint = `Run 'docker ${verb} --help' for more information`;
  return new StatusError(status, `docker: ${messageOf(error)}\n\n${hint}`, { cause: error });
}

/** Runs what looks at the flags; what is wrong with them is told with a hint. */
export function checkingFlags<T>(verb: "create" | "run", check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw withHelpHint(error, verb, OWN_FAULT_STATUS);
  }
}

const flags = () => creationFlags("creating");

export const createCommand = command<ReturnType<typeof flags>>({
  summary: "Make a container without starting it",
  spellings: "docker container create, docker create",
  arity: atLeast(1),
  flags,
  stopsAtArgument: true,
  complete: imageNames(),
  completeFlags: containerFlagCompleters,
  completeOtherFlags: noCandidates,
  async run(context, call) {
    const { values } = call;
    const request = checkingFlags("create", () => {
      checkPullOption(values.pull);
      return containerRequest(context, call);
    });
    await context.stdout.line(await createContainer(context, request, values));
  },
});
