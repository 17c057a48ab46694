import { kindOf, messageOf } from "../../base/errors.ts";
import { removeNetwork } from "../../client/networks.ts";
import { atLeast } from "../arity.ts";
import { command } from "../command.ts";
import { networkNames } from "../completion/completers.ts";
import { bool } from "../flags/scalar-types.ts";
import { StatusError } from "../status-error.ts";

const flags = () => ({
  force: { type: bool(), short: "f", usage: "Don't mind networks that are not there" },
});

export const networkRemoveCommand = command<ReturnType<typeof flags>>({
  summary: "Remove networks",
  spellings: "docker network rm, docker network remove",
  arity: atLeast(1),
  flags,
  complete: networkNames,
  async run({ client, stdout, stderr }, { values: { force }, positionals }) {
    let failed = false;
    for (const name of positionals) {
      try {
        await removeNetwork(client, name);
        void stdout.line(name);
      } catch (error) {
        if (force && kindOf(error) === "not-found") continue;
        void stderr.line(messageOf(error));
        failed = true;
      }
    }
    if (failed) throw new StatusError(1, "exit status 1");
  },
});
