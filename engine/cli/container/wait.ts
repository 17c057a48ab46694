import { EngineError, messageOf } from "../../base/errors.ts";
import { waitContainer } from "../../client/containers.ts";
import { atLeast } from "../arity.ts";
import { command } from "../command.ts";
import { containerNames } from "../completion/completers.ts";

export const waitCommand = command({
  summary: "Wait until containers stop, and print their exit statuses",
  spellings: "docker container wait, docker wait",
  arity: atLeast(1),
  complete: containerNames(false),
  async run({ client, stdout }, { positionals }) {
    const failures: string[] = [];
    for (const name of positionals) {
      try {
        const { result } = await waitContainer(client, name);
        void stdout.line(`${(await result).StatusCode}`);
      } catch (error) {
        failures.push(messageOf(error));
      }
    }
    if (failures.length > 0) throw new EngineError("invalid", failures.join("\n"));
  },
});
