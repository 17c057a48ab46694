import { EngineError, kindOf, messageOf } from "../../base/errors.ts";
import { removeImage } from "../../client/images.ts";
import { atLeast } from "../arity.ts";
import { command } from "../command.ts";
import { imageNames } from "../completion/completers.ts";
import { bool } from "../flags/scalar-types.ts";

const flags = () => ({
  force: { type: bool(), short: "f", usage: "Remove it although a stopped container needs it" },
  "no-prune": { type: bool(), usage: "Keep parents that have no name" },
});

export const rmiCommand = command<ReturnType<typeof flags>>({
  summary: "Remove images",
  spellings: "docker image rm, docker image remove, docker rmi",
  arity: atLeast(1),
  flags,
  complete: imageNames(),
  async run({ client, stdout, stderr }, { values, positionals }) {
    const { force, "no-prune": noPrune } = values;
    const failures: string[] = [];
    let isFatal = !force;
    for (const name of positionals) {
      try {
        for (const { Deleted: deleted, Untagged: untagged } of await removeImage(client, name, {
          force,
          noPrune,
        })) {
          void stdout.line(deleted ? `Deleted: ${deleted}` : `Untagged: ${untagged}`);
        }
      } catch (error) {
        failures.push(messageOf(error));
        if (kindOf(error) !== "not-found") isFatal = true;
      }
    }
    if (failures.length === 0) return;
    if (isFatal) throw new EngineError("invalid", failures.join("\n"));
    void stderr.line(failures.join("\n"));
  },
});
