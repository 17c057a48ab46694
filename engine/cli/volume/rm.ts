import { removeVolume } from "../../client/volumes.ts";
import { atLeast } from "../arity.ts";
import { command } from "../command.ts";
import { volumeNames } from "../completion/completers.ts";
import { forEachInOrder } from "../each.ts";
import { bool } from "../flags/scalar-types.ts";

const flags = () => ({
  force: { type: bool(), short: "f", usage: "Don't complain of what is not there" },
});

export const volumeRemoveCommand = command<ReturnType<typeof flags>>({
  summary: "Remove volumes that no container uses",
  spellings: "docker volume rm, docker volume remove",
  arity: atLeast(1),
  flags,
  complete: volumeNames,
  run: (context, { values: { force }, positionals }) =>
    forEachInOrder(context, positionals, name => removeVolume(context.client, name, force)),
});
